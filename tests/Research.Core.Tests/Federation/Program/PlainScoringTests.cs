using System.Buffers.Binary;
using Research.Federation.Aggregation;
using Research.Federation.Program;
using Research.Federation.Trace;
using Research.Tests.Federation.Evaluation;
using Research.Tests.Federation.Program.Plain;
using Research.Training;
using Research.Training.Layers;

namespace Research.Tests.Federation.Program;

/// <summary>Two implementations of contracts/SCORING.md agree to the bit: the one that scores, and a plain one.</summary>
public sealed class PlainScoringTests
{
    private const int Reveals = 16;
    private const int Drawn = 100;
    private const int LeastPaid = 60; // So many of the drawn rounds pay somebody, or they show little.

    public static TheoryData<string> Names => [.. PlainNamedCases.Names];

    public static TheoryData<string> MistakenNames => [.. PlainNamedCases.MistakenNames];

    [Theory]
    [MemberData(nameof(Names))]
    public void Trace_RoundByHand_IsThePlainOne(string name) => Compare(name);

    [Theory]
    [MemberData(nameof(MistakenNames))]
    public void Trace_TablesOfOneNameAndTwoWidths_IsThePlainOne(string name) => Compare(name);

    [Fact]
    public void Trace_DrawnRounds_AreThePlainOnes()
    {
        int paid = 0;
        for (int seed = 0; seed < Drawn; seed++)
        {
            Random random = new(seed);
            int round = random.Next(3);
            int reveals = new[] { 1, 2, 5, 8, 11, 15, 16, 17, 33, 64 }[random.Next(10)];
            PlainCase one = new(new PlainSpecs(seed).Draw(round + 1), round, seed);
            one.CompareCode();
            byte[] trace = one.CompareTrace(one.Inputs(reveals));
            const int Total = 5 * KeccakLanes.LeafBytes; // From the end: it and what follows have a leaf each.
            paid += BinaryPrimitives.ReadInt64BigEndian(trace.AsSpan(trace.Length - Total)) > 0 ? 1 : 0;
        }

        Assert.InRange(paid, LeastPaid, Drawn);
    }

    // The root of an array in the trace is that of the tree which the next round reads it as.
    [Fact]
    public void Trace_RoundsInTurn_HaveTheRootsAndDirectionsOfTheirModels()
    {
        ModelSpec spec = PlainCase.Spec([20], [new Linear(20, 8), new Tanh(), new Linear(8, 3)], rounds: 3);
        spec = spec with { Privacy = spec.Privacy! with { NoiseMultiplier = 0.1 } }; // So that every round pays somebody.
        List<GlobalModel> models = [GlobalModel.Initial(spec)];
        List<short[]> directions = [];
        for (int round = 0; round < 3; round++)
        {
            PlainCase one = new(spec, round, round);
            PlainInputs inputs = one.Inputs(Reveals, start =>
            {
                models[^1].Weights.CopyTo(start.Model);
                directions.CopyTo(start.Directions);
            });
            byte[] trace = one.CompareTrace(inputs);

            ReadOnlySpan<byte> next = PlainCase.Read(trace, one.Plain.Next, one.Parameters, Reveals);
            ReadOnlySpan<byte> moved = PlainCase.Read(trace, one.Plain.Moved, one.Parameters, Reveals);
            Assert.Equal(LeafTree.Root(next), new TreeHash(PlainCase.Read(trace, one.Plain.NextRoot, 1, Reveals)));
            Assert.Equal(LeafTree.Root(moved), new TreeHash(PlainCase.Read(trace, one.Plain.MovedRoot, 1, Reveals)));
            TreeHash root = new(PlainCase.Read(trace, one.Plain.ModelRoot, 1, Reveals));
            Assert.Equal(new TreeHash(PlainRecords.Keccak(
                [.. LeafTree.Root(next).ToArray(), .. LeafTree.Root(moved).ToArray()])), root);
            Assert.Equal(root, new TreeHash(trace.AsSpan(trace.Length - (7 * KeccakLanes.LeafBytes), 32))); // 16 seats.
            int[] step = new int[one.Parameters];
            short[] direction = new short[one.Parameters];
            for (int i = 0; i < step.Length; i++)
            {
                step[i] = BinaryPrimitives.ReadInt32BigEndian(next[(4 * i)..]) - inputs.Model[i];
                direction[i] = BinaryPrimitives.ReadInt16BigEndian(moved[(2 * i)..]);
            }

            Assert.True(step.Any(one => one != 0), $"Nothing moved in round {round}.");
            models.Add(models[^1].Moved(step));
            Assert.Equal(root, ModelRoots.Of(models[^1], LeafTree.Root(moved)));
            directions.Add(direction);
            IReadOnlyList<ReadOnlyMemory<short>> past = PastSteps.Of(models, PlainNumbers.LengthShift(one.Parameters));
            Assert.Equal(directions, past.Select(one => one.ToArray()));
        }
    }

    private static void Compare(string name)
    {
        PlainRound round = PlainNamedCases.Of(name);
        PlainCase one = new(round.Spec, round.Round, seed: name.Length);
        one.CompareCode();
        PlainInputs inputs = one.Inputs(round.Reveals);
        round.Change?.Invoke(inputs);
        one.CompareTrace(inputs);
    }
}
