using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Tests.Privacy.Accounting;

namespace Research.Tests.Privacy.Ledger;

public sealed class PrivacyLedgerTests : IDisposable
{
    private static readonly GaussianEvent Round = new(0.1, 1.2, 40);

    private readonly TemporaryLedger _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Charge_SomeRounds_AddUpAndSurviveReopening()
    {
        PrivacyLedger ledger = _file.Open();
        Assert.Equal(0, ledger.Epsilon);
        Assert.Equal(0, ledger.FixedPlanEpsilon);

        double preview = ledger.Preview(Round);
        LedgerEntry first = ledger.Charge(Round, "task 0x01 round 1");
        LedgerEntry second = ledger.Charge(Round, "task 0x01 round 2");

        Assert.Equal((1, 0.0, preview), (first.Sequence, first.EpsilonBefore, first.EpsilonAfter));
        Assert.Equal((2, first.EpsilonAfter, first.Hash), (second.Sequence, second.EpsilonBefore, second.Previous));
        Assert.True(second.EpsilonAfter > first.EpsilonAfter && second.EpsilonAfter == ledger.Epsilon);
        Assert.InRange(ledger.FixedPlanEpsilon, 0.1, ledger.Epsilon);
        PrivacyLedger again = _file.Open();
        Assert.Equal(ledger.Entries, again.Entries);
        Assert.Equal((ledger.Epsilon, ledger.Head), (again.Epsilon, again.Head));
        Assert.True(PrivacyLedger.Verify(_file.Path) is { IsIntact: true, Line: 0, Problem: "", Entries.Count: 2 });
    }

    [Fact]
    public void OpenExisting_ALedger_ShowsItsTermsWritesNothingAndCanCharge()
    {
        PrivacyLedger made = _file.Open(cap: 7);
        made.Charge(Round, "task 0x01 round 1");
        byte[] before = File.ReadAllBytes(_file.Path);

        PrivacyLedger ledger = PrivacyLedger.OpenExisting(_file.Path);

        Assert.Equal(("digits", 7.0, 1e-5), (ledger.DataSet, ledger.EpsilonCap, ledger.Delta));
        Assert.Equal((made.Epsilon, made.Head), (ledger.Epsilon, ledger.Head));
        Assert.Equal(before, File.ReadAllBytes(_file.Path));
        Assert.Equal(2, ledger.Charge(Round, "task 0x01 round 2").Sequence);
    }

    [Fact]
    public void OpenExisting_NoFile_Throws()
    {
        Assert.Throws<FileNotFoundException>(() => PrivacyLedger.OpenExisting(_file.Path));
        Assert.False(File.Exists(_file.Path));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(2.5)]
    public void PreviewFirst_ALedgerYetToBeMade_IsWhatItsFirstChargeShows(double cap)
    {
        GaussianEvent plan = new(0.1, 3, 5);

        double preview = PrivacyLedger.PreviewFirst(cap, 1e-5, plan);

        Assert.False(File.Exists(_file.Path));
        Assert.Equal(_file.Open(cap).Charge(plan, "first").EpsilonAfter, preview);
    }

    [Fact]
    public void PreviewFirst_CapThatNoReleaseFits_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PrivacyLedger.PreviewFirst(1e-9, 1e-5, Round));

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
        Assert.True(ledger.FixedPlanEpsilon < ledger.Epsilon);
    }

    [Fact]
    public void Charge_PastTheCap_IsRefusedWithTheNumbersAndChangesNoByte()
    {
        PrivacyLedger ledger = _file.Open(cap: 6);
        ledger.Charge(Round, "first");
        byte[] before = File.ReadAllBytes(_file.Path);
        double spent = ledger.Epsilon;
        double asked = ledger.Preview(Round with { Steps = 4000 });

        BudgetExceededException e = Assert.Throws<BudgetExceededException>(
            () => ledger.Charge(Round with { Steps = 4000 }, "too much"));

        Assert.Equal((spent, asked, 6.0), (e.Spent, e.Asked, e.Cap));
        Assert.True(asked > 6);
        Assert.Equal(before, File.ReadAllBytes(_file.Path));
        Assert.Throws<BudgetExceededException>(() => ledger.Charge(new GaussianEvent(0.5, 1e-200, 1), "no noise"));
        Assert.Equal(before, File.ReadAllBytes(_file.Path));
        Assert.Equal(2, ledger.Charge(Round with { Steps = 1 }, "small enough").Sequence);
    }

    [Fact]
    public void Charge_UntilRefused_NeverPassesTheCapAndUsesMostOfIt()
    {
        PrivacyLedger ledger = _file.Open(cap: 4);
        GaussianEvent step = new(0.05, 1, 5);
        while (ledger.Preview(step) <= 4)
        {
            Assert.InRange(ledger.Charge(step, "step").EpsilonAfter, 0, 4);
        }

        Assert.Throws<BudgetExceededException>(() => ledger.Charge(step, "step"));
        Assert.InRange(ledger.Epsilon, 3.8, 4);
    }

    [Theory]
    [InlineData(LedgerFilter.Renyi)]
    [InlineData(LedgerFilter.Gaussian)]
    public void RoomFor_APlan_IsHowManyChargesFit(LedgerFilter filter)
    {
        PrivacyLedger ledger = PrivacyLedger.Open(_file.Path, "digits", 6, 1e-5, filter);
        GaussianEvent plan = new(1, 5, 2);
        Assert.InRange(ledger.RoomFor(plan), 5, 100);
        for (int room = ledger.RoomFor(plan); room > 0; room--)
        {
            ledger.Charge(plan, "one more");
            Assert.Equal(room - 1, ledger.RoomFor(plan));
        }

        Assert.Throws<BudgetExceededException>(() => ledger.Charge(plan, "too many"));
        Assert.InRange(ledger.RoomFor(plan with { NoiseMultiplier = 100 }), 1, 1000);
        Assert.Equal(int.MaxValue, ledger.RoomFor(new GaussianEvent(0, 1, 1)));
        Assert.Equal(0, ledger.RoomFor(new GaussianEvent(1, 1e-200, 1)));
    }

    [Fact]
    public void FixedPlanEpsilons_AfterEachCharge_GrowsToTheLastAndStaysBelowTheFilters()
    {
        PrivacyLedger ledger = _file.Open();
        Assert.Empty(ledger.FixedPlanEpsilons(5));
        List<double> after = [];
        for (int i = 0; i < 4; i++)
        {
            ledger.Charge(Round, "round");
            after.Add(ledger.FixedPlanEpsilon);
        }

        Assert.Equal(after, ledger.FixedPlanEpsilons(int.MaxValue));
        Assert.Equal(after[2..], ledger.FixedPlanEpsilons(2));
        Assert.Equal(after.Order(), after);
        Assert.All(after.Zip(ledger.Entries), pair => Assert.True(pair.First < pair.Second.EpsilonAfter));
    }

    // Closed forms of the divergence of order α: ε of pure privacy bounds it, and so does αρ of zero-concentrated.
    [Fact]
    public void Charge_EveryKindOfEvent_AddsItsDivergenceAndSurvivesReopening()
    {
        PrivacyLedger ledger = _file.Open();
        ledger.Charge(new GaussianEvent(1, 10, 2), "Gaussian");
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
            LedgerEntry entry = ledger.Charge(plan, "mixed");
            Assert.InRange(entry.EpsilonAfter - entry.EpsilonBefore, 1e-6, most * (1 + 1e-8));
        }

        PrivacyLedger again = _file.Open();
        Assert.Equal(ledger.Entries, again.Entries);
        Assert.Equal((ledger.Epsilon, ledger.Head), (again.Epsilon, again.Head));
        Assert.True(again.FixedPlanEpsilon < again.Epsilon);
    }

    // Truths: tests/Fixtures/privacy.json, contour quadrature made independently of this code.
    [Fact]
    public void FixedPlanEpsilon_MixedPlans_IsTheExactEpsilon()
    {
        foreach (JsonElement row in ReferenceRows.Section("d_heterogeneous"))
        {
            using TemporaryLedger file = new();
            PrivacyLedger ledger = PrivacyLedger.Open(file.Path, "digits", 20, row.Number("delta"));
            foreach (JsonElement part in row.GetProperty("components").EnumerateArray())
            {
                ledger.Charge(ExactAccountantTests.Event(part), "part");
            }

            double truth = row.Number("eps_ref");
            Assert.InRange(ledger.FixedPlanEpsilon - truth, -row.Number("eps_ref_abs_tol"), 1e-6 * Math.Max(1, truth));
        }
    }

    // Of such an event only divergences are known: the exact accountant has no answer, the Rényi accountant has.
    [Fact]
    public void FixedPlanEpsilon_ConcentratedEvent_IsTheRenyiAccountants()
    {
        PrivacyLedger ledger = _file.Open();
        RdpAccountant accountant = new();
        foreach (PrivacyEvent e in (PrivacyEvent[])[Round, new ConcentratedEvent(0.01, 1)])
        {
            ledger.Charge(e, "one");
            accountant.Compose(e);
        }

        Assert.Equal(accountant.Epsilon(1e-5), ledger.FixedPlanEpsilon);
    }

    [Fact]
    public void Charge_FreePlan_CostsNothingAndIsRecorded()
    {
        PrivacyLedger ledger = _file.Open();
        Assert.Equal(0, ledger.Charge(new GaussianEvent(0, 1, 100), "nobody sampled").EpsilonAfter);
        Assert.Single(_file.Open().Entries);
    }

    // The hash by an independent route: cut the member out of the text and hash what is left.
    [Fact]
    public void Charge_EachLine_IsCanonicalJsonChainedBySha256()
    {
        PrivacyLedger ledger = _file.Open(dataSet: "digits, Zürich \"A\"");
        ledger.Charge(Round, "task 0x01 round 1");
        ledger.Charge(Round, "task 0x01 round 2");

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
            Assert.Equal("digits, Zürich \"A\"", json.GetProperty("dataSet").GetString());
            Assert.Equal(previous, json.TryGetProperty("previous", out JsonElement p) ? p.GetString() : "");
            previous = hash;
        }

        Assert.Equal(previous, ledger.Head);
    }

    [Fact]
    public void Open_OtherDataSetCapOrDelta_IsRefused()
    {
        _file.Open();
        Assert.Equal(1, Assert.Throws<LedgerException>(() => _file.Open(dataSet: "other")).Line);
        Assert.Throws<LedgerException>(() => _file.Open(cap: 9));
        Assert.Throws<LedgerException>(() => PrivacyLedger.Open(_file.Path, "digits", 8, 1e-6));
    }

    [Fact]
    public void Open_FileThatIsNoLedger_IsRefusedAndLeftAlone()
    {
        foreach (string content in (string[])[
            "not a ledger", "{}\n", "\n", "null\n", "{\"format\":\"research-privacy-ledger/2\"}\n"])
        {
            File.WriteAllText(_file.Path, content);
            Assert.Equal(1, Assert.Throws<LedgerException>(() => _file.Open()).Line);
            Assert.Equal(content, File.ReadAllText(_file.Path));
            Assert.False(PrivacyLedger.Verify(_file.Path).IsIntact);
        }
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
            () => PrivacyLedger.Open(_file.Path, "digits", cap, delta)).ParamName);
        Assert.False(File.Exists(_file.Path));
    }

    [Fact]
    public void Charge_PurposeEmptyOrLong_IsRefused()
    {
        PrivacyLedger ledger = _file.Open();
        Assert.Throws<ArgumentException>(() => ledger.Charge(Round, ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => ledger.Charge(Round, new string('x', 257)));
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
}
