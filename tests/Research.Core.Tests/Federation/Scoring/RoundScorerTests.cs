using System.Numerics;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Program;
using Research.Federation.Rewards;
using Research.Federation.Scoring;
using Research.Privacy.Ledger;
using Research.Training;
using Research.Training.Aggregation;

namespace Research.Tests.Federation.Scoring;

public sealed class RoundScorerTests : IDisposable
{
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

        RoundScore score = Score(submissions);

        Assert.All(score.Participants.Take(3), honest => Assert.InRange(honest.Points, 500_000, 1_000_000));
        Assert.All(score.Participants.Skip(3), other => Assert.True(other.Points.IsZero, other.Reason));
        Assert.Contains("has the noise of #0", score.Participants[4].Reason, StringComparison.Ordinal);
        Assert.Equal(0, score.Participants[4].CopyOf);
        Assert.Equal("its update is not in the store", score.Participants[5].Reason);
        Assert.True(score.LossAfter < score.LossBefore, $"{score.LossBefore} -> {score.LossAfter}");
        AssertNear(Start.Average(updates[..3]).Weights, score.NextModel.Weights, 20);
    }

    // Others matter only by the noise that they share: not by what they earn, nor by the order of the reveals.
    [Fact]
    public void Score_WhoeverElseTakesPart_GivesTheSamePointsForTheSameUpdate()
    {
        ModelUpdate[] updates = [.. Enumerable.Range(0, 4).Select(part => Update(part))];
        BigInteger[] alone = [.. updates.Select(update => Score([new Submission(0, update)]).Participants[0].Points)];

        RoundScore together = Score([.. updates.Select((update, i) => new Submission(i, update))]);
        RoundScore turned = Score([.. updates.Reverse().Select((update, i) => new Submission(i, update))]);

        Assert.Equal(alone, together.Participants.Select(one => one.Points));
        Assert.Equal(alone.Reverse(), turned.Participants.Select(one => one.Points));
    }

    [Fact]
    public void Score_OnlyHarm_PaysNobodyAndKeepsTheModel()
    {
        Submission[] submissions = [.. Enumerable.Range(0, 3).Select(part => new Submission(part, Reversed(part)))];

        RoundScore score = Score(submissions);

        Assert.All(score.Participants, one => Assert.True(one.Points.IsZero && one.Share < 0, one.Reason));
        Assert.Equal(Start.Hash, score.NextModel.Hash);
    }

    [Fact]
    public void Score_Repeated_GivesTheSameBitsOnAnyNumberOfThreads()
    {
        Submission[] submissions = [.. Enumerable.Range(0, 3).Select(part => new Submission(part, Update(part)))];

        RoundScore first = Score(submissions);
        RoundScore second = RoundScorer.Score([Start], submissions, FederatedDigits.Scoring, threads: 3);

        Assert.Equal(first.TraceRoot, second.TraceRoot);
        Assert.Equal(first.NextModel.Hash, second.NextModel.Hash);
    }

    [Fact]
    public void Score_CommittedLater_TheCopyIsTheLaterOneWhateverItsIndex()
    {
        ModelUpdate update = Update(0);

        RoundScore score = Score([new Submission(1, update), new Submission(0, update)]);

        Assert.True(score.Participants[0].Points.IsZero);
        Assert.True(score.Participants[1].Points.Sign > 0);
    }

    // The market's word of who committed when, whatever the order in which submissions are given: by block, then by index.
    [Theory]
    [InlineData(5, 4, 1)]
    [InlineData(4, 5, 0)]
    [InlineData(4, 4, 0)]
    public void Score_WithARoster_TheCopyIsThatOfTheLaterBlockThenIndex(long first, long second, int paid)
    {
        ModelUpdate update = Update(0);
        Roster roster = new([.. new[] { first, second }.Select(block => new RosterEntry(new byte[20], update.Root, block))]);

        RoundScore score = RoundScorer.Score(
            [Start], [new Submission(1, update), new Submission(0, update)], FederatedDigits.Scoring, roster: roster);

        Assert.True(score.Participants[paid].Points.Sign > 0);
        Assert.True(score.Participants[1 - paid].Points.IsZero);
        Assert.Equal(paid, score.Participants[1 - paid].CopyOf);
    }

    [Fact]
    public void Score_RosterOfAnotherNumber_IsRefused()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => RoundScorer.Score(
            [Start], [new Submission(0, Update(0))], FederatedDigits.Scoring, roster: new Roster([])));

        Assert.Equal("roster", refused.ParamName);
    }

    // Shouting earns no more than the cap, and moves the model no further than the longest reference run.
    [Fact]
    public void Score_HonestUpdateTimesAThousand_EarnsAShareAndDoesNotRunAwayWithTheModel()
    {
        int[] honest = Update(0).Delta.ToArray();
        ModelUpdate shouted = ModelUpdate.Forge(Start, 0, [.. honest.Select(one => one * 1000)]);

        RoundScore score = Score([new Submission(0, shouted)]);

        int[] step = [.. score.NextModel.Weights.ToArray().Zip(Start.Weights.ToArray(), (after, before) => after - before)];
        Assert.InRange(score.Participants[0].Points, 1, 1_000_000); // What leaves 16 bits is cut off: it loses by that.
        Assert.InRange(
            Math.Sqrt((double)WideVectors.Dot(step, step) / (double)WideVectors.Dot(honest, honest)), 0.9, 1.1);
    }

    // Whatever floor a specification sets, the same bytes are paid once.
    [Fact]
    public void Score_CopyWhereTheFloorIsOff_IsStillPaidOnce()
    {
        GlobalModel start = GlobalModel.Initial(FederatedDigits.Spec with
        {
            Task = FederatedDigits.Spec.Task! with { Reward = new RewardSection(287, NoiseFloor: 0) },
        });
        ModelUpdate update = ModelUpdate.Forge(
            start, 0, FederatedDigits.Delta(start, FederatedDigits.Train(start, 0, 4)));

        RoundScore score = RoundScorer.Score(
            [start], [new Submission(0, update), new Submission(1, update)], FederatedDigits.Scoring);

        Assert.True(score.Participants[0].Points.Sign > 0);
        Assert.True(score.Participants[1].Points.IsZero);
    }

    // As alike as owners can be whose signal drowns their noise: no multiple of one explains the other's noise, and many
    // together do not either.
    [Theory]
    [InlineData(2)]
    [InlineData(12)]
    public void Score_HonestUpdatesOfGreatCosine_AreAllPaid(int owners)
    {
        ModelSpec quiet = FederatedDigits.Spec with
        {
            Training = new TrainingSection(718, 5),
            Privacy = new PrivacySection(1, 1, 0.02, 1e-5, 1e6),
        };
        GlobalModel start = GlobalModel.Initial(quiet);
        ModelUpdate[] updates = [.. Enumerable.Range(0, owners).Select(part => ModelUpdate.Forge(
            start, 0, FederatedDigits.Delta(start, FederatedDigits.Train(start, part % 2, 2 + (part / 2)))))];
        double cosine = (double)WideVectors.Dot(updates[0].Delta, updates[1].Delta)
            / Math.Sqrt((double)WideVectors.Dot(updates[0].Delta, updates[0].Delta)
                * (double)WideVectors.Dot(updates[1].Delta, updates[1].Delta));

        RoundScore score = RoundScorer.Score(
            [start], [.. updates.Select((update, i) => new Submission(i, update))], FederatedDigits.Scoring);

        Assert.InRange(cosine, 0.92, 1);
        Assert.All(score.Participants, one => Assert.True(one.Points.Sign > 0 && one.CopyOf is null, one.Reason));
    }

    // Its own bucket for everyone who is paid: the median of the paid, by hand.
    [Fact]
    public void Score_SpecificationThatNamesTheMedian_MovesByTheMedianOfThePaid()
    {
        GlobalModel start = GlobalModel.Initial(FederatedDigits.Spec with
        {
            Task = FederatedDigits.Spec.Task! with { Aggregation = new Median(32) },
        });
        int[][] deltas = [.. Enumerable.Range(0, 4).Select(
            part => FederatedDigits.Delta(start, FederatedDigits.Train(start, part, 4, shuffleLabels: part == 3)))];

        RoundScore score = RoundScorer.Score(
            [start],
            [.. deltas.Select((delta, i) => new Submission(i, ModelUpdate.Forge(start, 0, delta)))],
            FederatedDigits.Scoring);

        BigInteger most = new(score.MostLength * score.MostLength);
        int[][] counted =
            [.. deltas.Take(3).Select(delta => Shortening.Of(WideVectors.Dot(delta, delta), most).Apply(delta))];
        int[] median = [.. Enumerable.Range(0, deltas[0].Length)
            .Select(i => counted.Select(delta => delta[i]).Order().ElementAt(1))];
        Assert.True(score.Participants[3].Points.IsZero);
        AssertNear(start.Moved(median).Weights, score.NextModel.Weights, 20);
    }

    // As from a store: read when asked for, and never all in memory.
    [Fact]
    public void Score_SubmissionsThatAreRead_GivesTheSameAsThoseThatAreHere()
    {
        ModelUpdate[] updates = [.. Enumerable.Range(0, 3).Select(part => Update(part))];
        byte[][] bytes = [.. updates.Select(update => update.Bytes.ToArray()), [1, 2, 3]];
        Submission[] read =
        [
            .. bytes.Select((file, i) => Submission.Read(i, () => ModelUpdate.Parse(Start, 0, file, $"update {i}"))),
            Submission.Read(4, () => throw new FileNotFoundException("gone")),
        ];

        RoundScore score = Score(read);

        Assert.Equal(
            Score([.. updates.Select((update, i) => new Submission(i, update))]).Participants,
            score.Participants.Take(3));
        Assert.Contains("update 3", score.Participants[3].Reason, StringComparison.Ordinal);
        Assert.Equal("its update is not in the store", score.Participants[4].Reason);
    }

    // Whoever opens a step later reads the update again: it must be the one that was scored.
    [Fact]
    public void Score_UpdateThatIsAnotherWhenAStepIsOpened_IsRefused()
    {
        ModelUpdate[] updates = [.. Enumerable.Range(0, 2).Select(part => Update(part))];
        int reads = 0;
        Submission changing = Submission.Read(0, () => updates[Math.Min(1, reads++)]);
        RoundScore score = Score([changing]);
        Step scaled = score.Trace.Program.Reward.Update;
        int seats = score.Trace.Seats;

        IOException changed = Assert.Throws<IOException>(() => score.Trace.Step(
            scaled.Address.At(seats / 16) + ((seats - 1) * scaled.Parent.Stride.At(seats / 16)))); // The last seat.

        Assert.Contains("#0", changed.Message, StringComparison.Ordinal);
        Assert.Contains("changed", changed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    public void Score_IndicesThatAreNoPlaces_AreRefused(int first, int second)
    {
        ModelUpdate update = Update(0);

        ArgumentException refused = Assert.Throws<ArgumentException>(
            () => Score([new Submission(first, update), new Submission(second, update)]));

        Assert.Contains("0 to 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_Nobody_LeavesTheModel()
    {
        RoundScore score = Score([]);

        Assert.Empty(score.Participants);
        Assert.Equal(Start.Hash, score.NextModel.Hash);
        Assert.Equal(score.LossBefore, score.LossAfter);
    }

    // The mean of numbers that were scaled to 16 bits: some units apart, of a noise of a thousand.
    private static void AssertNear(ReadOnlySpan<int> expected, ReadOnlySpan<int> actual, int within)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i] - expected[i], -within, within);
        }
    }

    private static RoundScore Score(IReadOnlyList<Submission> submissions) =>
        RoundScorer.Score([Start], submissions, FederatedDigits.Scoring);

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
