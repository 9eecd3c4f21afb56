using System.Text;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Privacy.Sums;

namespace Research.Tests.Privacy.Ledger;

public sealed class LedgerDamageTests : IDisposable
{
    private static readonly GaussianEvent Round = new(0.1, 3, 10);

    private readonly TemporaryLedger _file = new();

    public void Dispose() => _file.Dispose();

    // A crash may leave any prefix of the last write. The two charges that returned always count; the third counts once
    // its line is whole, and had released nothing before.
    [Fact]
    public void Charge_AfterACrashAtEveryByte_NeverUndercountsAndHeals()
    {
        PrivacyLedger ledger = _file.Open();
        ledger.Charge(Round, "one");
        double two = ledger.Charge(Round, "two").Epsilon;
        int kept = (int)new FileInfo(_file.Path).Length;
        byte[] seen = File.ReadAllBytes(_file.Seen); // Renewed only once the ledger's line is on disk.
        double three = ledger.Charge(Round, "three").Epsilon;
        byte[] whole = File.ReadAllBytes(_file.Path);
        for (int length = kept - 1; length < whole.Length; length++)
        {
            File.WriteAllBytes(_file.Path, whole[..length]);
            File.WriteAllBytes(_file.Seen, seen);
            bool isTorn = length > kept && length < whole.Length - 1;
            bool isWhole = length == whole.Length - 1;
            if (length % 16 == 0 || !isTorn)
            {
                LedgerVerification before = PrivacyLedger.Verify(_file.Home);
                Assert.Equal((!isTorn, isTorn ? 4 : 0), (before.IsIntact, before.Line));
            }

            PrivacyLedger reopened = _file.Open();
            Assert.Equal(isWhole ? three : two, reopened.Epsilon);
            Assert.Equal(isWhole ? 4 : 3, reopened.Charge(Round with { Steps = 1 }, "after").Sequence);
            if (length % 16 == 0 || !isTorn)
            {
                LedgerVerification after = PrivacyLedger.Verify(_file.Home);
                Assert.True(after.IsIntact, after.Problem);
            }
        }
    }

    // The ledger in memory finds the torn line of another process, too.
    [Fact]
    public void Charge_TornLineOfAnother_TakesItsPlace()
    {
        PrivacyLedger ledger = _file.Open();
        ledger.Charge(Round, "one");
        File.AppendAllText(_file.Path, "{\"sequence\":2,\"time\":\"20");

        Assert.Equal(2, ledger.Charge(Round, "two").Sequence);
        Assert.True(PrivacyLedger.Verify(_file.Home).IsIntact);
    }

    [Fact]
    public void Open_AfterACrashInTheHeader_StartsAnew()
    {
        _file.Open();
        byte[] header = File.ReadAllBytes(_file.Path);
        for (int length = 0; length < header.Length; length += length < 50 ? 1 : 17)
        {
            File.WriteAllBytes(_file.Path, header[..length]);
            _file.Open().Charge(Round, "first");
            Assert.True(PrivacyLedger.Verify(_file.Home).IsIntact);
            File.Delete(_file.Path);
            File.Delete(_file.Seen);
        }
    }

    [Theory]
    [InlineData(3, "\"steps\":10", "\"steps\":1", "hash: expected")]
    [InlineData(3, "\"noiseMultiplier\":3", "\"noiseMultiplier\":9", "hash: expected")]
    [InlineData(3, "\"noiseMultiplier\":3", "\"noiseMultiplier\":-3", "Expected a finite number above 0.")]
    [InlineData(2, "\"purpose\":\"one\"", "\"purpose\":\"own\"", "hash: expected")]
    [InlineData(2, "\"sequence\":1", "\"sequence\":2", "sequence: expected 1, got 2")]
    [InlineData(2, "\"steps\":10", "\"steps\": 10", "not in the one form")]
    [InlineData(2, "\"steps\":10", "\"steps\":10,\"steps\":10", "not in the one form")]
    [InlineData(2, "\"steps\":10", "\"steps\":\"10\"", "not a ledger line")]
    [InlineData(2, "\"plan\":[", "\"plan\":[],\"plans\":[", "plan: expected 1 to 64 events, got 0")]
    [InlineData(1, "\"epsilonCap\":8", "\"epsilonCap\":9", "hash: expected")]
    [InlineData(1, "\"order\":", "\"order\":1", "hash: expected")]
    public void Verify_HandEditedLine_NamesItAndWhatDiffersAndChargesAreRefused(
        int line, string original, string edited, string problem)
    {
        ThreeCharges();
        string[] lines = File.ReadAllLines(_file.Path);
        Assert.Contains(original, lines[line - 1], StringComparison.Ordinal);
        lines[line - 1] = lines[line - 1].Replace(original, edited, StringComparison.Ordinal);
        AssertRefused(string.Join('\n', lines) + '\n', line, problem);
    }

    [Fact]
    public void Verify_LineRemovedSwappedOrInserted_NamesTheFirstThatDoesNotFollow()
    {
        ThreeCharges();
        string[] l = File.ReadAllLines(_file.Path);
        AssertRefused($"{l[0]}\n{l[2]}\n{l[3]}\n", 2, "sequence: expected 1, got 2");
        AssertRefused($"{l[0]}\n{l[1]}\n{l[3]}\n{l[2]}\n", 3, "sequence: expected 2, got 3");
        AssertRefused($"{l[0]}\n{l[1]}\n{l[1]}\n{l[2]}\n{l[3]}\n", 3, "sequence: expected 2, got 1");
        AssertRefused($"{l[0]}\n\n{l[1]}\n", 2, "not a ledger line");
        AssertRefused($"{l[0]}\r\n{l[1]}\r\n", 1, "not in the one form");
    }

    // Whoever edits a line and hashes it again breaks the chain at the next one; the last one's records do not open.
    [Fact]
    public void Verify_EditedAndRehashedLine_IsFoundAtTheNext()
    {
        ThreeCharges();
        string[] lines = File.ReadAllLines(_file.Path);
        LedgerEntry forged = LedgerLine.ReadEntry(Encoding.UTF8.GetBytes(lines[2]), out _) with { Purpose = "forged" };
        lines[2] = Encoding.UTF8.GetString(LedgerLine.Write(forged));
        AssertRefused(string.Join('\n', lines) + '\n', 4, "previous: expected");

        File.Delete(_file.Seen);
        LedgerEntry moved = LedgerLine.ReadEntry(Encoding.UTF8.GetBytes(lines[3]), out _) with
        {
            Previous = LedgerLine.HashOf(Encoding.UTF8.GetBytes(lines[2])),
        };
        lines[3] = Encoding.UTF8.GetString(LedgerLine.Write(moved));
        AssertRefused(string.Join('\n', lines) + '\n', 4, "does not open");
    }

    // A stranger's bytes: refused or read, with a named fault, and never more than that.
    [Fact]
    public void Open_MutatedFiles_AreRefusedOrReadAndNeverCrash()
    {
        ThreeCharges();
        byte[] good = File.ReadAllBytes(_file.Path);
        byte[] seen = File.ReadAllBytes(_file.Seen);
        Random random = new(1);
        int refused = 0;
        for (int i = 0; i < 1500; i++)
        {
            byte[] bytes = good[..(random.Next(5) == 0 ? random.Next(good.Length) : good.Length)];
            for (int flips = random.Next(1, 5); flips > 0 && bytes.Length > 0; flips--)
            {
                int at = random.Next(bytes.Length);
                bytes[at] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)(bytes[at] ^ (1 << random.Next(8)));
            }

            File.WriteAllBytes(_file.Path, bytes);
            File.WriteAllBytes(_file.Seen, random.Next(2) == 0 ? seen : []);
            try
            {
                _file.Open();
            }
            catch (LedgerException e)
            {
                Assert.NotEmpty(e.Problem);
                refused++;
            }

            PrivacyLedger.Verify(_file.Home);
        }

        Assert.InRange(refused, 1000, 1500);
    }

    // The records inside a line, as somebody with the key might write them.
    [Fact]
    public void RecordGroups_RandomBytes_AreRefusedOrRead()
    {
        RecordBook book = new();
        book.Part([new RecordGroup(RecordGroup.Unknown, 1, null, [1, 2, 3, 4, 5])]);
        Random random = new(2);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(1, 80)];
            random.NextBytes(bytes);
            bytes[0] = (byte)random.Next(4);
            try
            {
                Assert.True(RecordGroups.Read(bytes, book).Count <= bytes[0]);
            }
            catch (FormatException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    [Fact]
    public void Sealed_DamagedOrForeignFile_IsRefusedByName()
    {
        PrivacyLedger ledger = _file.Open();
        PrivacyReceipt receipt = TemporaryLedger.Receipt(Round);
        ledger.Release(receipt, new byte[] { 1, 2, 3 }, "one");
        string path = Assert.Single(Directory.GetFiles(Path.Combine(_file.Home, "sealed")));
        string id = Path.GetFileNameWithoutExtension(path);
        byte[] good = File.ReadAllBytes(path);
        foreach (byte[] bad in (byte[][])[[], good[..10], good[..^1], [.. good[..^1], (byte)(good[^1] ^ 1)], [1, 2, 3]])
        {
            File.WriteAllBytes(path, bad);
            Assert.Equal(path, Assert.Throws<LedgerException>(() => ledger.Recover(id)).Path);
            Assert.Throws<LedgerException>(() => ledger.Sealed());
        }

        foreach (string name in (string[])["", "..", "../owner.key", "a", "a/b-c", new string('a', 200) + "-b", "0-model"])
        {
            Assert.Throws<LedgerException>(() => ledger.Recover(name));
        }
    }

    private void ThreeCharges()
    {
        PrivacyLedger ledger = _file.Open();
        ledger.Charge(Round, "one");
        ledger.Charge(Round, "two");
        ledger.Charge(Round, "three");
    }

    private void AssertRefused(string content, int line, string problem)
    {
        File.WriteAllText(_file.Path, content);
        LedgerVerification found = PrivacyLedger.Verify(_file.Home);
        Assert.Equal((false, line), (found.IsIntact, found.Line));
        Assert.Contains(problem, found.Problem, StringComparison.Ordinal);
        Assert.Equal(line, Assert.Throws<LedgerException>(() => _file.Open()).Line);
        Assert.Equal(content, File.ReadAllText(_file.Path));
    }
}
