using Research.Federation.Aggregation;
using Research.Federation.Program;
using Research.Federation.Scoring;
using Research.Federation.Trace;
using Research.Tests.Federation.Evaluation;

namespace Research.Tests.Federation.Program;

/// <summary>Oracle: the text's trees once more, with Nethereum's keccak.</summary>
public sealed class ModelRootsTests
{
    private static readonly GlobalModel Model = GlobalModel.Initial(TinyTasks.All["perceptron"]);

    [Fact]
    public void Of_AModelAndADirection_IsTheHashOfBothRoots()
    {
        TreeHash direction = new([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);

        Assert.Equal(
            PlainRecords.Keccak([.. Weights(Model), .. direction.ToArray()]), ModelRoots.Of(Model, direction).ToArray());
    }

    [Fact]
    public void Of_TheModelThatATaskStartsFrom_HasADirectionOfZeros()
    {
        byte[] zeros = PlainRecords.Root(Leaves(new byte[2 * Model.Weights.Length]));

        Assert.Equal(PlainRecords.Keccak([.. Weights(Model), .. zeros]), ModelRoots.Of(Model).ToArray());
        Assert.Equal(ModelRoots.Of(Model), ProgramRoots.Of(Model.Spec).Initial);
    }

    [Fact]
    public void Of_TheNextModel_IsWhatTheTraceEndsWith()
    {
        RoundScore score = TinyTasks.Score(TinyTasks.All["perceptron"], 9, round: 1);
        using RoundTrace trace = score.Trace;
        int weights = score.NextModel.Weights.Length;
        byte[] moved = new byte[2 * weights];
        foreach ((int i, short number) in
            trace.Machine.ValuesOf<short>(trace.Program.Aggregation.Moved, weights).ToArray().Index())
        {
            (moved[2 * i], moved[(2 * i) + 1]) = ((byte)(number >> 8), (byte)number);
        }

        byte[] expected = PlainRecords.Keccak([.. Weights(score.NextModel), .. PlainRecords.Root(Leaves(moved))]);

        Assert.Equal(expected, score.ModelRoot.ToArray());
        Assert.Equal(expected, trace.Read(trace.Bytes - (128 * (5 + (trace.Seats / 16) + 1)), 32));
        Assert.Equal(PlainRecords.Root(Leaves(moved)), score.DirectionRoot.ToArray());
    }

    [Fact]
    public void Of_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => ModelRoots.Of(null!));
        Assert.Throws<ArgumentNullException>(() => ModelRoots.Of(null!, default));
    }

    private static byte[] Weights(GlobalModel model) =>
        PlainRecords.Root(Leaves(PlainInputs.Write(model.Weights.ToArray())));

    private static byte[] Leaves(byte[] bytes) => [.. bytes, .. new byte[(128 - (bytes.Length % 128)) % 128]];
}
