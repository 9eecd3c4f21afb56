using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
using Research.Federation.Scoring;
using Research.Federation.Trace;
using Research.Tests.Federation.Program.Plain;
using Research.Training;

namespace Research.Tests.Federation.Program;

/// <summary>A round as a scorer has it from a chain, beside the plain implementation of contracts/SCORING.md.</summary>
public sealed class PlainRoundTests
{
    private const int Limit = 1 << 24; // Of an update's file.

    // On chain an update's numbers may be any of 4 bytes: no scorer may call it out for that.
    [Fact]
    public void Score_UpdatesOfAnyNumbers_IsThePlainTrace()
    {
        ModelSpec spec = TinyTasks.All["perceptron"];
        GlobalModel start = GlobalModel.Initial(spec);
        int weights = start.Weights.Length;
        Random random = new(11);
        int[][] updates =
        [
            TinyTasks.Noise(random, weights),
            [.. Enumerable.Repeat(int.MinValue, weights)],
            [.. Enumerable.Range(0, weights).Select(i => i % 2 == 0 ? int.MaxValue : int.MinValue)],
            [.. TinyTasks.Noise(random, weights).Select((one, i) => i == 3 ? Limit + 1 : one)],
            [.. TinyTasks.Noise(random, weights).Select((one, i) => i == 3 ? -Limit - 1 : one)],
            [.. Enumerable.Range(0, weights).Select(_ => random.Next(int.MinValue, int.MaxValue))],
            TinyTasks.Noise(random, weights),
        ];
        ModelUpdate[] read = [.. updates.Select((update, i) =>
            ModelUpdate.OfNumbers(start, 0, PlainInputs.Write(update), $"update {i}"))];
        (byte[] Participant, TreeHash Root, long Block)[] reveals =
            [.. read.Select((update, i) => (new byte[20], update.Root, 100L - (i % 3)))];
        ScoringRecords records = TinyTasks.ScoringOf(spec, 0);

        RoundScore score = RoundScorer.Score(
            [start],
            [.. read.Select((update, i) => Submission.Read(i, () => update))],
            records,
            roster: new Roster([.. reveals.Select(one => new RosterEntry(one.Participant, one.Root, one.Block))]));

        using RoundTrace trace = score.Trace;
        PlainProgram program = PlainProgram.Of(spec, 0);
        PlainMachine plain = new(program.RecordBytes, Tree, new PlainRoster(reveals), trace.Seats);
        byte[] expected = plain.Run();
        int same = expected.AsSpan().CommonPrefixLength(trace.Read(0, (int)trace.Bytes));
        Assert.True(same == expected.Length && same == trace.Bytes, same < trace.Bytes ? $"{trace.Step(same)}" : "short");
        Assert.All(score.Participants, one => Assert.Null(one.Problem));
        Assert.Equal(updates[1], read[1].Delta.ToArray());

        byte[] Tree(uint tree) => tree switch
        {
            1 => program.Constants,
            2 => PlainInputs.Write(start.Weights.ToArray()),
            3 => records.Committed.Bytes.ToArray(),
            4 => [.. records.Keys.ToArray().Chunk(32).SelectMany(key => (byte[])[.. key, .. new byte[96]])],
            5 => records.Choice.Seed.ToArray(),
            >= 131072 => trace.Seats - 1 - (int)(tree - 131072) is int index && index < updates.Length
                ? PlainInputs.Write(updates[index]) : [],
            _ => throw new ArgumentOutOfRangeException(nameof(tree)),
        };
    }
}
