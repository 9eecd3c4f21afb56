using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Scoring;
using Research.Privacy.Ledger;
using Research.Training;

namespace Research.Tests.Federation.Scoring;

public sealed class RoundScorerTests : IDisposable
{
    private static readonly byte[] Beacon = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly GlobalModel Start = GlobalModel.Initial(FederatedDigits.Spec);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-score-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Score_HonestShuffledAndCopied_PaysOnlyTheHonest()
    {
        ModelUpdate[] updates = [.. Enumerable.Range(0, 4).Select(part => Update(part, shuffleLabels: part == 3))];
        Submission[] submissions =
        [
            .. updates.Select((update, i) => new Submission(i, update)),
            new Submission(4, updates[0]), // committed after #0, with the same bytes
            new Submission(5, null, "its update is not in the store"),
        ];

        RoundScore score = RoundScorer.Score(Start, submissions, FederatedDigits.Evaluation, Beacon);

        Assert.All(score.Participants.Take(3), honest => Assert.True(honest.Points.Sign > 0, honest.Reason));
        Assert.All(score.Participants.Skip(3), other => Assert.True(other.Points.IsZero, other.Reason));
        Assert.Contains("raises", score.Participants[3].Reason, StringComparison.Ordinal);
        Assert.Contains("copies the update of #0", score.Participants[4].Reason, StringComparison.Ordinal);
        Assert.Equal("its update is not in the store", score.Participants[5].Reason);
        Assert.True(score.LossAfter < score.LossBefore, $"{score.LossBefore} -> {score.LossAfter}");
        Assert.Equal(Start.Average(updates[..3]).Hash, score.NextModel.Hash);
    }

    [Fact]
    public void Score_WhateverItPays_SumsToTheFallOfTheLoss()
    {
        Submission[] submissions =
            [.. Enumerable.Range(0, 4).Select(part => new Submission(part, Update(part, shuffleLabels: part >= 2)))];

        RoundScore score = RoundScorer.Score(Start, submissions, FederatedDigits.Evaluation, Beacon);

        double paidFor = score.Participants.Where(one => one.Points.Sign > 0).Sum(one => one.Gain);
        Assert.Equal(score.LossBefore - score.LossAfter, paidFor, 1e-5);
    }

    [Fact]
    public void Score_OnlyHarm_PaysNobodyAndKeepsTheModel()
    {
        Submission[] submissions = [.. Enumerable.Range(0, 3).Select(part => new Submission(part, Reversed(part)))];

        RoundScore score = RoundScorer.Score(Start, submissions, FederatedDigits.Evaluation, Beacon);

        Assert.All(score.Participants, one => Assert.True(one.Points.IsZero && one.Gain < 0, one.Reason));
        Assert.Equal(Start.Hash, score.NextModel.Hash);
    }

    [Fact]
    public void Score_Repeated_GivesTheSameBits()
    {
        Submission[] submissions = [.. Enumerable.Range(0, 3).Select(part => new Submission(part, Update(part)))];

        RoundScore first = RoundScorer.Score(Start, submissions, FederatedDigits.Evaluation, Beacon);
        RoundScore second = RoundScorer.Score(Start, submissions, FederatedDigits.Evaluation, Beacon);

        Assert.Equal(first.TraceHash, second.TraceHash);
        Assert.Equal(first.NextModel.Hash, second.NextModel.Hash);
    }

    [Fact]
    public void Score_CommittedLater_TheCopyIsTheLaterOneWhateverItsIndex()
    {
        ModelUpdate update = Update(0);

        RoundScore score = RoundScorer.Score(
            Start, [new Submission(1, update), new Submission(0, update)], FederatedDigits.Evaluation, Beacon);

        Assert.True(score.Participants[0].Points.IsZero);
        Assert.True(score.Participants[1].Points.Sign > 0);
    }

    [Fact]
    public void Score_Nobody_LeavesTheModel()
    {
        RoundScore score = RoundScorer.Score(Start, [], FederatedDigits.Evaluation, Beacon);

        Assert.Empty(score.Participants);
        Assert.Equal(Start.Hash, score.NextModel.Hash);
        Assert.Equal(score.LossBefore, score.LossAfter);
    }

    // An honest update, turned round and exaggerated: read back from bytes, as a stranger's would be.
    private ModelUpdate Reversed(int part)
    {
        ModelUpdate honest = Update(part);
        SafetensorsFile file = Safetensors.Read(honest.Bytes.Span);
        byte[] bytes = Safetensors.Write(
            [.. file.Tensors.Select(tensor =>
                SafeTensor.Of<int>(
                    tensor.Name, tensor.Shape, tensor.ToArray<int>().Select(value => -8 * value).ToArray()))],
            file.Metadata);
        return ModelUpdate.Parse(Start, 0, bytes);
    }

    private ModelUpdate Update(int part, bool shuffleLabels = false)
    {
        PrivacyLedger ledger = PrivacyLedger.Open(
            Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}"), 20, 1e-5);
        return ModelUpdate.Release(FederatedDigits.Train(Start, part, 4, shuffleLabels), Start, 0, ledger, "test", insecure: true);
    }
}
