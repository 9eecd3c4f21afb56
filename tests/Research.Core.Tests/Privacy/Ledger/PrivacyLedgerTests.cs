using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Privacy.Sums;
using Research.Tests.Privacy.Accounting;
using Research.Tests.Tools;

namespace Research.Tests.Privacy.Ledger;

public sealed class PrivacyLedgerTests : IDisposable
{
    private static readonly GaussianEvent Round = new(0.1, 1.2, 40);

    private readonly TemporaryLedger _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Charge_SomePlans_AddUpAndSurviveReopening()
    {
        PrivacyLedger ledger = _file.Open();
        Assert.Equal(0, ledger.Epsilon);

        LedgerQuote quote = ledger.Quote(Round);
        LedgerEntry first = ledger.Charge(Round, "one");
        LedgerEntry second = ledger.Charge(Round, "two");

        Assert.Equal((1, quote.After), (first.Sequence, first.Epsilon));
        Assert.Equal((0.0, true, false), (quote.Before, quote.Fits, quote.IsPaid));
        Assert.Equal((2, first.Hash), (second.Sequence, second.Previous));
        Assert.True(second.Epsilon > first.Epsilon && second.Epsilon == ledger.Epsilon);
        Assert.Equal(ledger.Epsilon, ledger.EpsilonOf(TemporaryLedger.Records()));
        PrivacyLedger again = _file.Open();
        Assert.Equal(ledger.Entries.Select(e => e.Hash), again.Entries.Select(e => e.Hash));
        Assert.Equal((ledger.Epsilon, ledger.Head), (again.Epsilon, again.Head));
        Assert.Equal(
            new LedgerStanding(ledger.Epsilon, ledger.Epsilon, 3, 2), Assert.Single(again.Standings));
        LedgerVerification found = PrivacyLedger.Verify(_file.Home);
        Assert.True(found is { IsIntact: true, Line: 0, Problem: "", Entries.Count: 2, LastSeen: 2 }, found.Problem);
    }

    // One number: what account --target-epsilon finds, the ledger accepts to the last bit and shows as that ε.
    [Theory]
    [InlineData(4, 0.05, 300)]
    [InlineData(3, 0.1, 400)]
    [InlineData(0.5, 0.01, 1000)]
    [InlineData(8, 1, 20)]
    public void Charge_NoiseCalibratedToTheCap_IsAcceptedAtExactlyThatEpsilon(double cap, double rate, int steps)
    {
        double noise = Calibration.NoiseMultiplier(cap, 1e-5, rate, steps);
        ExactAccountant exact = new();
        exact.Compose(new GaussianEvent(rate, noise, steps));

        PrivacyLedger ledger = _file.Open(cap);
        LedgerEntry entry = ledger.Charge(new GaussianEvent(rate, noise, steps), "whole");

        Assert.Equal(exact.Epsilon(1e-5), entry.Epsilon);
        Assert.InRange(entry.Epsilon, cap * (1 - 2e-6), cap);
        BudgetExceededException e = Assert.Throws<BudgetExceededException>(
            () => ledger.Charge(new GaussianEvent(rate, 1e5, 1), "more"));
        Assert.Null(e.FittingNoise); // The one plan has taken everything: nothing fits any more.
        Assert.Contains("No noise multiplier would fit", e.Message, StringComparison.Ordinal);
        Assert.True(PrivacyLedger.Verify(_file.Home).IsIntact);
    }

    // By the definition of a filter: the divergences at its one order add up, and the sum converts.
    [Fact]
    public void Epsilon_MixedPlans_IsTheSumAtTheFiltersOrder()
    {
        PrivacyLedger ledger = _file.Open();
        GaussianEvent[] plans = [Round, new(1, 20, 1), new(0.01, 0.8, 100)];
        double divergence = 0;
        foreach (GaussianEvent plan in plans)
        {
            ledger.Charge(plan, "mixed");
            divergence += plan.Steps * SubsampledGaussian.RenyiDivergence(
                plan.SampleRate, plan.NoiseMultiplier, ledger.Order!.Value);
        }

        double order = ledger.Order!.Value;
        double expected = divergence + Math.Log(1 - (1 / order)) - (Math.Log(1e-5 * order) / (order - 1));
        Assert.InRange(ledger.Epsilon - expected, 0, 1e-9);
    }

    [Fact]
    public void Charge_PastTheCap_IsRefusedWithTheNumbersAndChangesNoByte()
    {
        PrivacyLedger ledger = _file.Open(cap: 6);
        ledger.Charge(Round, "first");
        byte[] before = File.ReadAllBytes(_file.Path);
        GaussianEvent large = Round with { Steps = 4000 };
        LedgerQuote quote = ledger.Quote(large);

        BudgetExceededException e = Assert.Throws<BudgetExceededException>(() => ledger.Charge(large, "too much"));

        Assert.Equal(quote, e.Quote);
        Assert.True(quote.After > 6 && quote.Before == ledger.Epsilon && !quote.Fits);
        Assert.Equal(before, File.ReadAllBytes(_file.Path));
        Assert.Throws<BudgetExceededException>(() => ledger.Charge(new GaussianEvent(0.5, 1e-200, 1), "no noise"));
        Assert.Equal(before, File.ReadAllBytes(_file.Path));
        Assert.Contains(
            FormattableString.Invariant($"A noise multiplier of {e.FittingNoise} would fit"),
            e.Message,
            StringComparison.Ordinal);
        Assert.InRange(ledger.Charge(large with { NoiseMultiplier = e.FittingNoise!.Value }, "fits").Epsilon, 5.98, 6);
    }

    [Fact]
    public void NoiseMultiplierFor_ATargetAndAHistory_KeepsBoth()
    {
        PrivacyLedger ledger = _file.Open(cap: 6);
        DataIdentity data = TemporaryLedger.Records();
        double fresh = ledger.NoiseMultiplierFor(data, [Round], "one", 2)!.Value;
        Assert.InRange(fresh / Calibration.NoiseMultiplier(2, 1e-5, 0.1, 40), 1, 1 + 2e-4);
        Assert.InRange(ledger.Charge(Round with { NoiseMultiplier = fresh }).Epsilon, 1.99, 2);

        double second = ledger.NoiseMultiplierFor(data, [Round], "two", 2)!.Value;
        Assert.InRange(ledger.Quote(Round with { NoiseMultiplier = second }).Run, 1.99, 2);
        double most = ledger.NoiseMultiplierFor(data, [Round], "two", 20)!.Value;
        LedgerQuote quote = ledger.Quote(Round with { NoiseMultiplier = most });
        Assert.InRange(quote.After, 5.98, 6);
        Assert.True(quote.Run < 20 && quote.Fits);
    }

    // Closed forms of the divergence of order α: ε of pure privacy bounds it, and so does αρ of zero-concentrated.
    [Fact]
    public void Charge_EveryKindOfEvent_AddsItsDivergenceAndSurvivesReopening()
    {
        PrivacyLedger ledger = _file.Open();
        ledger.Charge(new GaussianEvent(1, 10, 2), "Gaussian");
        ledger.Charge(new GaussianEvent(1, 1e4, 1), "Gaussian"); // From here on the filter counts.
        double order = ledger.Order!.Value;
        (PrivacyEvent Event, double Most)[] plans =
        [
            (new LaplaceEvent(10, 2), 2 * 0.1),
            (new PureEvent(0.05, 3), 3 * 0.05),
            (new RandomizedResponseEvent(0.05, 4, 2), 2 * 0.05),
            (new ConcentratedEvent(0.01, 2), 2 * 0.01 * order),
            (new DiscreteGaussianEvent(10, 4), 4 * order / (2 * 10 * 10)),
        ];
        foreach ((PrivacyEvent plan, double most) in plans)
        {
            double before = ledger.Epsilon;
            Assert.InRange(ledger.Charge(plan, "mixed").Epsilon - before, 1e-6, most * (1 + 1e-8));
        }

        PrivacyLedger again = _file.Open();
        Assert.Equal(ledger.Entries.SelectMany(e => e.Plan), again.Entries.SelectMany(e => e.Plan));
        Assert.Equal((ledger.Epsilon, ledger.Head), (again.Epsilon, again.Head));
        Assert.True(PrivacyLedger.Verify(_file.Home).IsIntact);
    }

    // Truths: tests/Fixtures/privacy.json, contour quadrature made independently of this code.
    [Fact]
    public void Charge_OnePlanOfSeveralEvents_CostsTheExactEpsilon()
    {
        foreach (JsonElement row in ReferenceRows.Section("d_heterogeneous"))
        {
            using TemporaryLedger file = new();
            PrivacyLedger ledger = PrivacyLedger.Open(file.Home, 20, row.Number("delta"));
            PrivacyEvent[] plan =
                [.. row.GetProperty("components").EnumerateArray().Select(part => ExactAccountantTests.Event(part))];

            double epsilon = ledger.Charge(TemporaryLedger.Records(), plan, "whole").Epsilon;

            double truth = row.Number("eps_ref");
            Assert.InRange(epsilon - truth, -row.Number("eps_ref_abs_tol"), 1e-6 * Math.Max(1, truth));
        }
    }

    // Of such an event only divergences are known: the exact accountant has no answer, the Rényi accountant has.
    [Fact]
    public void Charge_OneConcentratedEvent_CostsTheRenyiAccountantsEpsilon()
    {
        RdpAccountant accountant = new();
        accountant.Compose(Round);
        accountant.Compose(new ConcentratedEvent(0.01, 1));
        LedgerEntry entry = _file.Open().Charge(
            TemporaryLedger.Records(), [Round, new ConcentratedEvent(0.01, 1)], "one");
        Assert.Equal(accountant.Epsilon(1e-5), entry.Epsilon);
    }

    [Fact]
    public void Charge_FreePlan_CostsNothingAndIsRecorded()
    {
        PrivacyLedger ledger = _file.Open();
        Assert.Equal(0, ledger.Charge(new GaussianEvent(0, 1, 100), "nobody sampled").Epsilon);
        Assert.Single(_file.Open().Entries);
        Assert.Empty(ledger.Standings);
    }

    // The hash by an independent route: cut the member out of the text and hash what is left.
    [Fact]
    public void Charge_EachLine_IsCanonicalJsonChainedBySha256()
    {
        PrivacyLedger ledger = _file.Open();
        ledger.Charge(Round, "Zürich \"A\"");
        ledger.Charge(Round, "two");

        string previous = "";
        string[] lines = File.ReadAllLines(_file.Path);
        Assert.Equal(3, lines.Length);
        Assert.EndsWith("\n", File.ReadAllText(_file.Path), StringComparison.Ordinal);
        foreach (string line in lines)
        {
            JsonElement json = JsonDocument.Parse(line).RootElement;
            string hash = json.GetProperty("hash").GetString()!;
            string content = line.Replace($",\"hash\":\"{hash}\"", "", StringComparison.Ordinal);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))), hash);
            Assert.Equal(previous, json.TryGetProperty("previous", out JsonElement p) ? p.GetString() : "");
            previous = hash;
        }

        Assert.Equal(previous, ledger.Head);
    }

    [Fact]
    public void Open_NothingThere_WritesNothingUntilTheFirstCharge()
    {
        PrivacyLedger ledger = PrivacyLedger.Open(_file.Home, 5, 1e-6);

        Assert.False(PrivacyLedger.Exists(_file.Home));
        Assert.Equal((5.0, 1e-6, false, 0), (ledger.EpsilonCap, ledger.Delta, ledger.IsMade, ledger.Entries.Count));
        Assert.True(ledger.Quote(Round).Fits);
        Assert.Throws<BudgetExceededException>(() => ledger.Charge(new GaussianEvent(1, 0.1, 1)));
        Assert.False(Directory.Exists(_file.Home));
        Assert.Throws<LedgerException>(() => PrivacyLedger.OpenExisting(_file.Home));

        ledger.Charge(Round);

        Assert.True(ledger.IsMade && PrivacyLedger.Exists(_file.Home));
        PrivacyLedger again = PrivacyLedger.OpenExisting(_file.Home);
        Assert.Equal((5.0, 1e-6, ledger.Head), (again.EpsilonCap, again.Delta, again.Head));
    }

    [Fact]
    public void Open_NoTermsNamed_TakesTheDefaultsOrWhatTheLedgerHas()
    {
        Assert.Equal((8.0, 1e-5), (PrivacyLedger.Open(_file.Home).EpsilonCap, PrivacyLedger.Open(_file.Home).Delta));
        PrivacyLedger.Open(_file.Home, 3, 1e-7).Make();
        Assert.Equal((3.0, 1e-7), (PrivacyLedger.Open(_file.Home).EpsilonCap, PrivacyLedger.Open(_file.Home).Delta));
    }

    [Fact]
    public void Open_OtherCapDeltaOrFilter_IsRefusedByName()
    {
        _file.Open();
        Assert.Contains("the cap 8 ", Refusal(() => _file.Open(cap: 9)), StringComparison.Ordinal);
        Assert.Contains(
            "the delta 1E-05 ", Refusal(() => PrivacyLedger.Open(_file.Home, 8, 1e-6)), StringComparison.Ordinal);
        Assert.Contains(
            "the filter Renyi ",
            Refusal(() => PrivacyLedger.Open(_file.Home, filter: LedgerFilter.Gaussian)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileThatIsNoLedger_IsRefusedAndLeftAlone()
    {
        Directory.CreateDirectory(_file.Home);
        foreach (string content in (string[])[
            "not a ledger", "{}\n", "\n", "null\n", "{\"format\":\"research-privacy-ledger/3\"}\n", "[]", "\0\0\0"])
        {
            File.WriteAllText(_file.Path, content);
            Assert.Equal(1, Assert.Throws<LedgerException>(() => _file.Open()).Line);
            Assert.Equal(content, File.ReadAllText(_file.Path));
            Assert.False(PrivacyLedger.Verify(_file.Home).IsIntact);
        }
    }

    // The ledger of one data set, as commit 547df4f wrote it: what to do about it is said.
    [Fact]
    public void Open_LedgerOfTheFirstFormat_SaysWhatToDo()
    {
        string old = Path.Combine(ExternalTool.RepositoryRoot, "tests", "Fixtures", "ledger-1.jsonl");
        Directory.CreateDirectory(_file.Home);
        File.Copy(old, _file.Path);

        foreach (string refusal in (string[])[Refusal(() => _file.Open()), Refusal(() => PrivacyLedger.Open(old))])
        {
            Assert.Contains("research-privacy-ledger/1", refusal, StringComparison.Ordinal);
            Assert.Contains("cap", refusal, StringComparison.Ordinal);
        }

        Assert.Equal(File.ReadAllBytes(old), File.ReadAllBytes(_file.Path));
    }

    [Theory]
    [InlineData(0.0, 1e-5, "epsilonCap")]
    [InlineData(double.NaN, 1e-5, "epsilonCap")]
    [InlineData(1e-7, 1e-9, "epsilonCap")]
    [InlineData(1.0, 0.0, "delta")]
    [InlineData(1.0, 1.0, "delta")]
    public void Open_ArgumentOutOfRange_IsRefusedByName(double cap, double delta, string name)
    {
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(
            () => PrivacyLedger.Open(_file.Home, cap, delta)).ParamName);
        Assert.False(Directory.Exists(_file.Home));
    }

    [Fact]
    public void Charge_PurposeEmptyOrLongOrNoRecords_IsRefused()
    {
        PrivacyLedger ledger = _file.Open();
        Assert.Throws<ArgumentException>(() => ledger.Charge(Round, ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => ledger.Charge(Round, new string('x', 257)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ledger.Charge(DataIdentity.Of([], 1), [Round], "none"));
        Assert.Throws<ArgumentOutOfRangeException>(() => ledger.Charge(TemporaryLedger.Records(), [], "none"));
        Assert.Empty(_file.Open().Entries);
    }

    [Fact]
    public void Charge_FileCutBackOrReplacedMeanwhile_IsRefused()
    {
        PrivacyLedger ledger = _file.Open();
        ledger.Charge(Round, "first");
        byte[] backup = File.ReadAllBytes(_file.Path);
        ledger.Charge(Round, "second");
        File.WriteAllBytes(_file.Path, backup);

        Assert.Throws<LedgerException>(() => ledger.Charge(Round, "third"));
        File.Delete(_file.Path);
        Assert.Throws<LedgerException>(() => ledger.Charge(Round, "fourth"));
        Assert.False(File.Exists(_file.Path));
    }

    [Fact]
    public void Charge_KeyGoneReplacedOrCut_IsRefusedByTheKeysName()
    {
        _file.Open().Charge(Round, "first");
        byte[] key = File.ReadAllBytes(_file.Key);
        foreach (byte[]? other in (byte[]?[])[null, RandomNumberGenerator.GetBytes(32), key[..31], [], new byte[100_000]])
        {
            File.Delete(_file.Key);
            if (other is not null)
            {
                File.WriteAllBytes(_file.Key, other);
            }

            LedgerException e = Assert.Throws<LedgerException>(() => _file.Open());
            Assert.Equal(_file.Key, e.Path);
            Assert.Contains(_file.Key, PrivacyLedger.Verify(_file.Home).Problem, StringComparison.Ordinal);
        }

        File.WriteAllBytes(_file.Key, key);
        Assert.Equal(2, _file.Open().Charge(Round, "second").Sequence);
    }

    [Fact]
    public void Make_OnUnix_IsForItsOwnerAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _file.Open().Release(TemporaryLedger.Receipt(Round), new byte[] { 1 }, "one");
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        string[] all = [_file.Home, .. Directory.GetFileSystemEntries(_file.Home, "*", SearchOption.AllDirectories)];
        Assert.True(all.Length >= 6);
        foreach (string path in all)
        {
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others);
        }
    }

    private static string Refusal(Action action) => Assert.Throws<LedgerException>(action).Message;
}
