using System.Text;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;

namespace Research.Tests.Privacy.Ledger;

public sealed class LedgerDamageTests : IDisposable
{
    private static readonly GaussianEvent Round = new(0.1, 1.2, 40);

    private readonly TemporaryLedger _file = new();

    public void Dispose() => _file.Dispose();

    // A crash may leave any prefix of the last write. The two charges that returned always count; the third may.
    [Fact]
    public void Charge_AfterACrashAtEveryByte_NeverUndercountsAndHeals()
    {
        PrivacyLedger ledger = _file.Open();
        ledger.Charge(Round, "one");
        double two = ledger.Charge(Round, "two").EpsilonAfter;
        int kept = (int)new FileInfo(_file.Path).Length;
        byte[] seen = File.ReadAllBytes(_file.Seen); // Renewed only once the ledger's line is on disk.
        double three = ledger.Charge(Round, "three").EpsilonAfter;
        byte[] whole = File.ReadAllBytes(_file.Path);
        int sealedWithCharge = 0;
        for (int length = kept - 1; length < whole.Length; length++)
        {
            File.WriteAllBytes(_file.Path, whole[..length]);
            File.WriteAllBytes(_file.Seen, seen);
            bool isTorn = length > kept && length < whole.Length - 1;
            LedgerVerification before = PrivacyLedger.Verify(_file.Path);
            Assert.Equal((!isTorn, isTorn ? 4 : 0), (before.IsIntact, before.Line));

            PrivacyLedger reopened = _file.Open();
            Assert.Equal(length == whole.Length - 1 ? three : two, reopened.Epsilon);
            LedgerEntry entry = reopened.Charge(Round with { Steps = 1 }, "after");

            Assert.True(entry.EpsilonBefore >= two);
            LedgerVerification after = PrivacyLedger.Verify(_file.Path);
            Assert.True(after.IsIntact, after.Problem);
            if (isTorn)
            {
                LedgerEntry seal = after.Entries[2];
                Assert.Equal(whole[kept..length], Convert.FromBase64String(seal.Torn!));
                sealedWithCharge += seal.EpsilonAfter == three ? 1 : 0;
                Assert.True(seal.Event == Round || seal.Event.Steps == 0);
            }
        }

        Assert.InRange(sealedWithCharge, 200, whole.Length - kept); // Every cut after the event counts it.
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
            Assert.True(PrivacyLedger.Verify(_file.Path).IsIntact);
            File.Delete(_file.Path);
            File.Delete(_file.Seen);
        }
    }

    [Fact]
    public void Charge_TornLineThatFillsTheBudget_IsRefusedAndChangesNoByte()
    {
        PrivacyLedger ledger = _file.Open(cap: 5);
        ledger.Charge(Round with { Steps = 1 }, "one");
        int most = Enumerable.Range(1, 1000).Last(steps => ledger.Preview(Round with { Steps = steps }) <= 5);
        string torn = FormattableString.Invariant(
            $"{{\"sequence\":2,\"event\":{{\"sampleRate\":0.1,\"noiseMultiplier\":1.2,\"steps\":{most}}},\"time\":\"20");
        File.AppendAllText(_file.Path, torn);
        byte[] before = File.ReadAllBytes(_file.Path);

        Assert.Throws<BudgetExceededException>(() => ledger.Charge(Round with { Steps = 1 }, "two"));
        Assert.Equal(before, File.ReadAllBytes(_file.Path));
    }

    [Theory]
    [InlineData(3, "\"steps\":40", "\"steps\":4", "epsilonAfter: expected")]
    [InlineData(3, "\"noiseMultiplier\":1.2", "\"noiseMultiplier\":9.2", "epsilonAfter: expected")]
    [InlineData(3, "\"noiseMultiplier\":1.2", "\"noiseMultiplier\":-1.2", "finite number above 0. (Parameter 'noiseMultiplier')")]
    [InlineData(2, "\"purpose\":\"one\"", "\"purpose\":\"own\"", "hash: expected")]
    [InlineData(2, "\"sequence\":1", "\"sequence\":2", "sequence: expected 1, got 2")]
    [InlineData(2, "\"dataSet\":\"digits\"", "\"dataSet\":\"others\"", "dataSet: expected digits, got others")]
    [InlineData(2, "\"epsilonBefore\":0", "\"epsilonBefore\":1", "epsilonBefore: expected 0")]
    [InlineData(2, "\"steps\":40", "\"steps\": 40", "not in the one form")]
    [InlineData(2, "\"steps\":40", "\"steps\":40,\"steps\":40", "not in the one form")]
    [InlineData(2, "\"steps\":40", "\"steps\":\"40\"", "not a ledger line")]
    [InlineData(1, "\"epsilonCap\":8", "\"epsilonCap\":9", "hash: expected")]
    [InlineData(1, "\"order\":", "\"order\":1", "hash: expected")]
    public void Verify_HandEditedLine_NamesItAndWhatDiffersAndChargesAreRefused(
        int line, string original, string edited, string problem)
    {
        PrivacyLedger ledger = ThreeCharges();
        string[] lines = File.ReadAllLines(_file.Path);
        Assert.Contains(original, lines[line - 1], StringComparison.Ordinal);
        lines[line - 1] = lines[line - 1].Replace(original, edited, StringComparison.Ordinal);
        AssertRefused(ledger, string.Join('\n', lines) + '\n', line, problem);
    }

    [Fact]
    public void Verify_LineRemovedSwappedOrInserted_NamesTheFirstThatDoesNotFollow()
    {
        PrivacyLedger ledger = ThreeCharges();
        string[] l = File.ReadAllLines(_file.Path);
        AssertRefused(ledger, $"{l[0]}\n{l[2]}\n{l[3]}\n", 2, "sequence: expected 1, got 2");
        AssertRefused(ledger, $"{l[0]}\n{l[1]}\n{l[3]}\n{l[2]}\n", 3, "sequence: expected 2, got 3");
        AssertRefused(ledger, $"{l[0]}\n{l[1]}\n{l[1]}\n{l[2]}\n{l[3]}\n", 3, "sequence: expected 2, got 1");
        AssertRefused(ledger, $"{l[0]}\n\n{l[1]}\n", 2, "not a ledger line");
        AssertRefused(ledger, $"{l[0]}\r\n{l[1]}\r\n", 1, "not in the one form");
    }

    // Whoever edits a line and hashes it again breaks the chain at the next one.
    [Fact]
    public void Verify_EditedAndRehashedLine_IsFoundAtTheNext()
    {
        PrivacyLedger ledger = ThreeCharges();
        string[] lines = File.ReadAllLines(_file.Path);
        LedgerEntry forged = ledger.Entries[1] with { Purpose = "forged" };
        lines[2] = Encoding.UTF8.GetString(LedgerLine.Write(forged));
        AssertRefused(ledger, string.Join('\n', lines) + '\n', 4, "previous: expected");
    }

    private PrivacyLedger ThreeCharges()
    {
        PrivacyLedger ledger = _file.Open();
        ledger.Charge(Round, "one");
        ledger.Charge(Round, "two");
        ledger.Charge(Round, "three");
        return ledger;
    }

    private void AssertRefused(PrivacyLedger ledger, string content, int line, string problem)
    {
        File.WriteAllText(_file.Path, content);
        LedgerVerification found = PrivacyLedger.Verify(_file.Path);
        Assert.Equal((false, line), (found.IsIntact, found.Line));
        Assert.Contains(problem, found.Problem, StringComparison.Ordinal);
        LedgerException e = Assert.Throws<LedgerException>(() => ledger.Charge(Round with { Steps = 1 }, "more"));
        Assert.Equal(line, e.Line);
        Assert.Throws<LedgerException>(() => _file.Open());
        Assert.Equal(content, File.ReadAllText(_file.Path));
    }
}
