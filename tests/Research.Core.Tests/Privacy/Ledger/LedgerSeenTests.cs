using Research.Privacy.Accounting;
using Research.Privacy.Ledger;

namespace Research.Tests.Privacy.Ledger;

/// <summary>A ledger whose file is not the newest any more.</summary>
public sealed class LedgerSeenTests : IDisposable
{
    private static readonly GaussianEvent Round = new(0.05, 3, 10);

    private readonly TemporaryLedger _file = new();

    public void Dispose() => _file.Dispose();

    // Each backup ever taken, before any charge and after each but the last.
    [Fact]
    public void Open_RestoredBackup_IsRefusedWithWhatWasSeenAndChangesNoByte()
    {
        (byte[][] backups, PrivacyLedger ledger) = Charges(3);
        byte[] seen = File.ReadAllBytes(_file.Seen);
        Assert.Equal(200, seen.Length);
        for (int charges = 0; charges < 3; charges++)
        {
            File.WriteAllBytes(_file.Path, backups[charges]);
            LedgerException e = Assert.Throws<LedgerException>(() => _file.Open());

            Assert.Equal(charges + 2, e.Line);
            Assert.Contains($"ends after charge {charges} (head ", e.Problem, StringComparison.Ordinal);
            Assert.Contains($"charge 3 was seen here (head {ledger.Head}", e.Problem, StringComparison.Ordinal);
            Assert.Contains("restore it from a backup", e.Problem, StringComparison.Ordinal);
            Assert.Equal(e.Message, Assert.Throws<LedgerException>(() => ledger.Charge(Round, "more")).Message);
            Assert.Equal(e.Message, Assert.Throws<LedgerException>(() => ledger.Quote(Round)).Message);
            LedgerVerification found = PrivacyLedger.Verify(_file.Home);
            Assert.Equal(
                (false, e.Line, e.Problem, charges),
                (found.IsIntact, found.Line, found.Problem, found.Entries.Count));
            Assert.Equal(backups[charges], File.ReadAllBytes(_file.Path));
            Assert.Equal(seen, File.ReadAllBytes(_file.Seen));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_LedgerGoneOrEmptied_SaysSoAndIsNotBegunAnew(bool emptied)
    {
        Charges(1);
        File.Delete(_file.Path);
        if (emptied)
        {
            File.WriteAllText(_file.Path, "");
        }

        LedgerException e = Assert.Throws<LedgerException>(() => _file.Open());

        Assert.Equal((0, _file.Path), (e.Line, e.Path));
        Assert.StartsWith("the ledger is gone, and charge 1 was seen here", e.Problem, StringComparison.Ordinal);
        Assert.Equal(e.Problem, PrivacyLedger.Verify(_file.Home).Problem);
        Assert.True(PrivacyLedger.Exists(_file.Home));
        Assert.Equal(emptied, File.Exists(_file.Path));
    }

    [Fact]
    public void Open_OtherHistoryOfTheSameLength_IsRefused()
    {
        (byte[][] backups, _) = Charges(2);
        byte[] seen = File.ReadAllBytes(_file.Seen);
        File.WriteAllBytes(_file.Path, backups[1]);
        File.Delete(_file.Seen);
        _file.Open().Charge(Round with { Steps = 1 }, "another second"); // Its owner had gone on knowingly.
        File.WriteAllBytes(_file.Seen, seen);

        LedgerException e = Assert.Throws<LedgerException>(() => _file.Open());

        Assert.Equal(3, e.Line);
        Assert.Contains("charge 2 is another one", e.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AnotherOwnersLedgerInItsPlace_IsRefused()
    {
        Charges(1);
        using TemporaryLedger other = new();
        other.Open().Charge(Round, "one");
        File.Copy(other.Path, _file.Path, overwrite: true);

        Assert.Contains(
            "made with another key", Assert.Throws<LedgerException>(() => _file.Open()).Problem, StringComparison.Ordinal);
    }

    // A crash after the ledger's line and before the note of it.
    [Fact]
    public void Charge_AfterACrashBetweenLedgerAndNote_GoesOnAndCountsBoth()
    {
        PrivacyLedger ledger = _file.Open();
        ledger.Charge(Round, "one");
        byte[] seen = File.ReadAllBytes(_file.Seen);
        double two = ledger.Charge(Round, "two").Epsilon;
        File.WriteAllBytes(_file.Seen, seen);

        LedgerVerification found = PrivacyLedger.Verify(_file.Home);
        Assert.Equal((true, 2, 1), (found.IsIntact, found.Entries.Count, found.LastSeen!.Value));
        PrivacyLedger again = _file.Open();
        Assert.Equal(two, again.Epsilon);
        Assert.Equal(3, again.Charge(Round, "three").Sequence);
        Assert.Equal(3, PrivacyLedger.Verify(_file.Home).LastSeen);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Charge_NoteDeletedOrNeverWritten_GoesOnAndKeepsOneAgain(bool emptied)
    {
        Charges(1);
        File.Delete(_file.Seen);
        if (emptied)
        {
            File.WriteAllText(_file.Seen, "");
        }

        _file.Open().Charge(Round, "two");
        Assert.Equal(2, PrivacyLedger.Verify(_file.Home).LastSeen);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"format\":\"research-privacy-ledger-seen/2\",\"length\":-1,\"sequence\":1,\"head\":\"\"}")]
    public void Open_DamagedNote_NamesIt(string content)
    {
        Charges(1);
        File.WriteAllText(_file.Seen, content);
        Assert.Equal(_file.Seen, Assert.Throws<LedgerException>(() => _file.Open()).Path);
        File.WriteAllBytes(_file.Seen, new byte[1000]);
        Assert.Contains("damaged", Assert.Throws<LedgerException>(() => _file.Open()).Problem, StringComparison.Ordinal);
    }

    // Both files gone back together is what only a head kept elsewhere can tell.
    [Fact]
    public void Verify_BothFilesRestored_IsFoundByAHeadKeptElsewhere()
    {
        PrivacyLedger ledger = _file.Open();
        ledger.Charge(Round, "one");
        string early = ledger.Head;
        byte[][] backup = [File.ReadAllBytes(_file.Path), File.ReadAllBytes(_file.Seen)];
        ledger.Charge(Round, "two");
        string late = ledger.Head;
        Assert.True(ledger.Continues(early) && ledger.Continues(late) && !ledger.Continues(new string('0', 64)));
        File.WriteAllBytes(_file.Path, backup[0]);
        File.WriteAllBytes(_file.Seen, backup[1]);

        Assert.True(PrivacyLedger.Verify(_file.Home).IsIntact);
        Assert.True(PrivacyLedger.Verify(_file.Home, early).IsIntact);
        LedgerVerification found = PrivacyLedger.Verify(_file.Home, late);
        Assert.Equal((false, 2), (found.IsIntact, found.Line));
        Assert.Contains(late, found.Problem, StringComparison.Ordinal);
        Assert.False(_file.Open().Continues(late));
        Assert.Throws<LedgerException>(() => ledger.Charge(Round, "three")); // It still remembers by itself.
    }

    private (byte[][] Backups, PrivacyLedger Ledger) Charges(int count)
    {
        PrivacyLedger ledger = _file.Open();
        List<byte[]> backups = [];
        for (int i = 0; i < count; i++)
        {
            backups.Add(File.ReadAllBytes(_file.Path));
            ledger.Charge(Round, $"charge {i + 1}");
        }

        return ([.. backups], ledger);
    }
}
