using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Privacy.Sums;
using Research.Tests.Federation;
using Research.Training;

namespace Research.Tests.Privacy.Ledger;

/// <summary>What a run pays, once, and what a task's rounds pay together.</summary>
public sealed class LedgerReleaseTests : IDisposable
{
    private static readonly GaussianEvent Round = new(0.15, 1.5, 30);
    private static readonly ModelSpec Spec = FederatedDigits.Spec; // Three rounds.

    private readonly TemporaryLedger _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Release_TheSameRunAgain_IsChargedOnce()
    {
        PrivacyLedger ledger = _file.Open();
        PrivacyReceipt receipt = TemporaryLedger.Receipt(Round);
        Assert.Equal([1, 2], ledger.Release(receipt, new byte[] { 1, 2 }, "weights").ToArray());
        double once = ledger.Epsilon;

        Assert.Equal([3], ledger.Release(receipt, new byte[] { 3 }, "an update").ToArray());
        Assert.Equal([4], PrivacyLedger.Open(_file.Home).Release(receipt, new byte[] { 4 }, "onnx").ToArray());

        Assert.Equal(once, ledger.Epsilon);
        Assert.Single(PrivacyLedger.Open(_file.Home).Entries);
        ledger.Release(TemporaryLedger.Receipt(Round), new byte[] { 1 }, "another run");
        Assert.True(ledger.Epsilon > once);
    }

    [Fact]
    public void Release_SeededNoise_IsRefusedUnlessCalledInsecure()
    {
        PrivacyLedger ledger = _file.Open();
        PrivacyReceipt receipt = TemporaryLedger.Receipt(Round, isSecret: false);
        ArgumentException e = Assert.Throws<ArgumentException>(
            () => ledger.Release(receipt, new byte[] { 1 }, "seeded"));
        Assert.Equal("insecure", e.ParamName);
        Assert.Empty(ledger.Entries);

        ledger.Release(receipt, new byte[] { 1 }, "seeded", insecure: true);
        Assert.False(Assert.Single(PrivacyLedger.Open(_file.Home).Entries).IsNoiseSecret);
        Assert.Contains("\"secretNoise\": false", ledger.Statement(), StringComparison.Ordinal);
    }

    [Fact]
    public void Release_OverBudget_SealsAndChargesNothing()
    {
        PrivacyLedger ledger = _file.Open(cap: 0.5);
        byte[] before = File.ReadAllBytes(_file.Path);
        Assert.Throws<BudgetExceededException>(
            () => ledger.Release(TemporaryLedger.Receipt(Round), new byte[] { 1 }, "dear"));
        Assert.Equal(before, File.ReadAllBytes(_file.Path));
        Assert.Empty(ledger.Sealed());
    }

    [Fact]
    public void Release_ATasksRounds_AreOnePlanChargedWithTheFirst()
    {
        PrivacyLedger ledger = _file.Open();
        ExactAccountant exact = new();
        exact.Compose(Round with { Steps = 90 });
        double whole = exact.Epsilon(1e-5);
        LedgerQuote quote = ledger.Quote(TemporaryLedger.Records(), [Round], Purpose(0));
        Assert.Equal((whole, whole, false), (quote.Run, quote.After, quote.IsPaid));

        foreach (int round in (int[])[0, 2, 1]) // In any order.
        {
            ledger.Release(TemporaryLedger.Receipt(Round), new byte[] { 1 }, Purpose(round));
            Assert.Equal(whole, ledger.Epsilon);
            Assert.True(ledger.Entries[^1].IsReserved);
            ledger = PrivacyLedger.Open(_file.Home);
        }

        Assert.Equal(3, ledger.Entries.Count);
        Assert.True(PrivacyLedger.Verify(_file.Home).IsIntact);
    }

    [Fact]
    public void Release_ARoundOnceMore_IsChargedAsARunByItself()
    {
        PrivacyLedger ledger = _file.Open(cap: 30);
        ledger.Release(TemporaryLedger.Receipt(Round), new byte[] { 1 }, Purpose(0));
        double whole = ledger.Epsilon;
        ledger.Release(TemporaryLedger.Receipt(Round), new byte[] { 1 }, Purpose(0));
        LedgerEntry again = ledger.Entries[^1];
        Assert.Equal((false, Round), (again.IsReserved, Assert.Single(again.Plan)));
        Assert.True(ledger.Epsilon > whole);
        double both = ledger.Epsilon;
        ledger.Release(TemporaryLedger.Receipt(Round), new byte[] { 1 }, Purpose(1));
        Assert.Equal((true, both), (ledger.Entries[^1].IsReserved, ledger.Epsilon));
    }

    [Fact]
    public void Release_NewRecordsOrAnotherTaskOrSpec_PayTheWholePlan()
    {
        PrivacyLedger ledger = _file.Open(cap: 30);
        ledger.Release(TemporaryLedger.Receipt(Round, TemporaryLedger.Records(5)), new byte[] { 1 }, Purpose(0));
        double whole = ledger.Epsilon;

        LedgerQuote subset = ledger.Quote(TemporaryLedger.Records(2), [Round], Purpose(1));
        Assert.Equal((true, whole, whole), (subset.IsPaid, subset.Before, subset.After));
        DataIdentity more = TemporaryLedger.Records(8);
        Assert.Equal((false, whole), (Of(more, Purpose(1)).IsPaid, Of(more, Purpose(1)).After));
        ledger.Release(TemporaryLedger.Receipt(Round, more), new byte[] { 1 }, Purpose(1));
        Assert.Equal((whole, 8), (ledger.Standings.Single().Epsilon, ledger.Standings.Single().Records));

        Assert.True(Of(more, ReleasePurpose.OfTask("another task", Spec, 0)).After > whole);
        Assert.True(Of(more, ReleasePurpose.OfTask("task 1", Spec with { Name = "other" }, 0)).After > whole);
        Assert.True(Of(more, "a run by itself").After > whole);
        Assert.True(ledger.Quote(more, [Round with { Steps = 31 }], Purpose(2)).After > whole); // Not what was reserved.
        Assert.False(ledger.Quote(more, [Round with { Steps = int.MaxValue }], Purpose(2)).Fits);

        LedgerQuote Of(DataIdentity data, ReleasePurpose purpose) => ledger.Quote(data, [Round], purpose);
    }

    [Fact]
    public void OfTask_RoundThatTheTaskLacks_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Purpose(3));

    [Fact]
    public void Release_ManyArtefacts_KeepsTheNewestAndEveryUnpaidOne()
    {
        PrivacyLedger ledger = _file.Open();
        ledger.AtStage = stage => _ = stage == "charge" ? throw new InvalidOperationException("crash") : 0;
        Assert.Throws<InvalidOperationException>(
            () => ledger.Release(TemporaryLedger.Receipt(Round), new byte[] { 7 }, "unpaid"));
        ledger.AtStage = null;
        for (int i = 0; i < 12; i++)
        {
            ledger.Release(
                TemporaryLedger.Receipt(new GaussianEvent(0.01, 10, 1), TemporaryLedger.Records(1, 100)),
                new byte[] { 1 },
                $"run {i}");
        }

        Assert.Equal(8, ledger.Sealed().Count(artefact => artefact.IsCharged));
        SealedArtefact unpaid = ledger.Sealed().Single(artefact => !artefact.IsCharged);
        Assert.Equal([7], ledger.Recover(unpaid.Id).ToArray());
        Assert.Equal("unpaid", ledger.Entries[^1].Purpose.Text);
    }

    // Whoever runs a verb again after a crash is given what the run that died had made, and no one else's.
    [Fact]
    public void FindSealed_SameRecordsKindAndPurpose_IsTheNewestOfThose()
    {
        PrivacyLedger ledger = _file.Open();
        DataIdentity own = TemporaryLedger.Records(1, 100);
        ReleasePurpose purpose = "mine";
        Assert.Null(ledger.FindSealed(own, "bytes", purpose));
        ledger.Release(TemporaryLedger.Receipt(new GaussianEvent(0.01, 10, 1), own), new byte[] { 1 }, purpose);
        ledger.Release(
            TemporaryLedger.Receipt(new GaussianEvent(0.01, 10, 1), TemporaryLedger.Records(50, 100)), new byte[] { 2 }, purpose);
        ledger.Release(TemporaryLedger.Receipt(new GaussianEvent(0.01, 10, 1), own), new byte[] { 3 }, "another");

        SealedArtefact found = ledger.FindSealed(TemporaryLedger.Records(1, 100), "bytes", "mine")!;

        Assert.Equal([1], ledger.Recover(found.Id).ToArray());
        Assert.Null(ledger.FindSealed(own, "update", purpose));
        Assert.Null(ledger.FindSealed(own, "bytes", "nothing"));
        Assert.Null(ledger.FindSealed(TemporaryLedger.Records(1, 99), "bytes", purpose));
        ledger.Forget(found.Id);
        Assert.Null(ledger.FindSealed(own, "bytes", purpose));
    }

    // Two homes, one record: owners know each other's files no better than strangers.
    [Fact]
    public void Recover_AnotherOwnersFile_DoesNotOpen()
    {
        _file.Open().Release(TemporaryLedger.Receipt(Round), new byte[] { 1 }, "one");
        using TemporaryLedger other = new();
        PrivacyLedger thief = other.Open();
        string path = Directory.GetFiles(Path.Combine(_file.Home, "sealed"))[0];
        Directory.CreateDirectory(Path.Combine(other.Home, "sealed"));
        File.Copy(path, Path.Combine(other.Home, "sealed", Path.GetFileName(path)));
        Assert.Throws<LedgerException>(() => thief.Recover(Path.GetFileNameWithoutExtension(path)));
    }

    private static ReleasePurpose Purpose(int round) => ReleasePurpose.OfTask("task 1", Spec, round);
}
