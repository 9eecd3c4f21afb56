using Research.Privacy.Accounting;
using Research.Privacy.Ledger;

namespace Research.Tests.Privacy.Ledger;

/// <summary>A ledger whose file is not the newest any more.</summary>
public sealed class LastSeenTests : IDisposable
{
    private static readonly GaussianEvent Round = new(0.1, 1.2, 40);

    private readonly TemporaryLedger _file = new();

    public void Dispose() => _file.Dispose();

    // Each backup ever taken, before any charge and after each but the last.
    [Fact]
    public void Open_RestoredBackup_IsRefusedWithWhatWasSeenAndChangesNoByte()
    {
        (byte[][] backups, PrivacyLedger ledger) = Charges(3);
        byte[] seen = File.ReadAllBytes(_file.Seen);
        for (int charges = 0; charges < 3; charges++)
        {
            File.WriteAllBytes(_file.Path, backups[charges]);
            LedgerException e = Assert.Throws<LedgerException>(() => _file.Open());

            Assert.Equal(charges + 2, e.Line);
            Assert.Contains($"ends after charge {charges} (head ", e.Problem, StringComparison.Ordinal);
            Assert.Contains($"charge 3 was seen here (head {ledger.Head}", e.Problem, StringComparison.Ordinal);
            Assert.Contains($"copy {_file.Seen} over {_file.Path}", e.Problem, StringComparison.Ordinal);
            Assert.Equal(e.Message, Assert.Throws<LedgerException>(() => ledger.Charge(Round, "more")).Message);
            Assert.Equal(e.Message, Assert.Throws<LedgerException>(() => ledger.Preview(Round)).Message);
            Assert.Equal(
                e.Message, Assert.Throws<LedgerException>(() => PrivacyLedger.OpenExisting(_file.Path)).Message);
            LedgerVerification found = PrivacyLedger.Verify(_file.Path);
            Assert.Equal(
                (false, e.Line, e.Problem, charges),
                (found.IsIntact, found.Line, found.Problem, found.Entries.Count));
            Assert.Equal(backups[charges], File.ReadAllBytes(_file.Path));
            Assert.Equal(seen, File.ReadAllBytes(_file.Seen));
        }
    }

    [Fact]
    public void Open_TheCopyPutBackAsTheMessageSays_HasLostNothing()
    {
        (byte[][] backups, PrivacyLedger ledger) = Charges(3);
        File.WriteAllBytes(_file.Path, backups[1]);

        File.Copy(_file.Seen, _file.Path, overwrite: true);

        PrivacyLedger again = _file.Open();
        Assert.Equal((ledger.Epsilon, ledger.Head, 3), (again.Epsilon, again.Head, again.Entries.Count));
        Assert.Equal(4, again.Charge(Round, "four").Sequence);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_LedgerGoneOrEmptied_IsNotBegunAnew(bool emptied)
    {
        Charges(1);
        File.Delete(_file.Path);
        if (emptied)
        {
            File.WriteAllText(_file.Path, "");
        }

        LedgerException e = Assert.Throws<LedgerException>(() => _file.Open());

        Assert.Equal(1, e.Line);
        Assert.Contains("missing or empty, and charge 1 was seen here", e.Problem, StringComparison.Ordinal);
        Assert.Equal(e.Problem, PrivacyLedger.Verify(_file.Path).Problem);
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
    public void Open_AnotherLedgerInItsPlace_IsRefused()
    {
        Charges(1);
        using TemporaryLedger other = new();
        other.Open().Charge(Round, "one");
        File.Copy(other.Path, _file.Path, overwrite: true);

        Assert.Contains(
            "another header", Assert.Throws<LedgerException>(() => _file.Open()).Problem, StringComparison.Ordinal);
    }

    // A crash after the ledger's line and before the copy takes its place, with or without the staged copy.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Charge_AfterACrashBetweenLedgerAndCopy_GoesOnAndCountsBoth(bool isStaged)
    {
        PrivacyLedger ledger = _file.Open();
        ledger.Charge(Round, "one");
        byte[] seen = File.ReadAllBytes(_file.Seen);
        double two = ledger.Charge(Round, "two").EpsilonAfter;
        if (isStaged)
        {
            File.Move(_file.Seen, _file.Seen + ".new");
        }

        File.WriteAllBytes(_file.Seen, seen);

        LedgerVerification found = PrivacyLedger.Verify(_file.Path);
        Assert.Equal((true, 2, 1), (found.IsIntact, found.Entries.Count, found.LastSeen!.Sequence));
        LedgerEntry three = _file.Open().Charge(Round, "three");
        Assert.Equal((3, two), (three.Sequence, three.EpsilonBefore));
        Assert.Equal(File.ReadAllBytes(_file.Path), File.ReadAllBytes(_file.Seen));
    }

    [Fact]
    public void Charge_CopyDeleted_GoesOnAndKeepsOneAgain()
    {
        Charges(1);
        File.Delete(_file.Seen);
        _file.Open().Charge(Round, "two");
        Assert.Equal(File.ReadAllBytes(_file.Path), File.ReadAllBytes(_file.Seen));
    }

    [Fact]
    public void Open_DamagedCopyOfALedgerThatDiffers_NamesTheCopy()
    {
        (byte[][] backups, _) = Charges(2);
        File.WriteAllBytes(_file.Path, backups[1]);
        string damaged = File.ReadAllText(_file.Seen).Replace("\"steps\":40", "\"steps\":41", StringComparison.Ordinal);
        File.WriteAllText(_file.Seen, damaged);

        LedgerException e = Assert.Throws<LedgerException>(() => _file.Open());

        Assert.Equal(_file.Seen, e.Path);
        Assert.Contains("the copy of the ledger as last seen is damaged", e.Problem, StringComparison.Ordinal);
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

        Assert.True(PrivacyLedger.Verify(_file.Path).IsIntact);
        Assert.True(PrivacyLedger.Verify(_file.Path, early).IsIntact);
        LedgerVerification found = PrivacyLedger.Verify(_file.Path, late);
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
