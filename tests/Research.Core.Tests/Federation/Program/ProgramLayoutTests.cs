using System.Buffers.Binary;
using Research.Federation.Program;
using Research.Federation.Trace;
using Research.Tests.Federation.Evaluation;
using Research.Training;

namespace Research.Tests.Federation.Program;

public sealed class ProgramLayoutTests
{
    public static TheoryData<string> Tasks => [.. TinyTasks.All.Keys];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void ToWord_OfAProgram_HasTheTraceAndTheLevelsOfEachTree(string task)
    {
        ModelSpec spec = TinyTasks.All[task];
        ScoringProgram program = ScoringProgram.Of(spec, 1);
        ProgramCode code = ProgramCode.Of(program);
        Polynomial bytes = ProgramChecker.Check(code.Records);
        int weights = spec.GetParameters().Sum(tensor => tensor.Length);
        int records = 2 * spec.Task!.Evaluation.Examples;
        int recordBytes = (spec.Model.Input.Aggregate(2, (product, one) => product * one) + 2 + 127) / 128 * 128;

        byte[] word = code.Layout.ToWord().ToArray();

        Assert.Equal(
            [bytes.Constant, bytes.PerBlock, bytes.PerPair],
            Enumerable.Range(0, 3).Select(i => BinaryPrimitives.ReadInt64BigEndian(word.AsSpan(8 * i))));
        Assert.Equal(
            [
                Levels(code.Constants.Length), Levels(4 * weights), Levels(2 * weights), Levels(records * recordBytes),
                Levels(records * 128), 0, 0, 0,
            ],
            word[24..].Select(one => (int)one));
        Assert.Equal(code.Words.Layout.ToArray(), word);
    }

    [Fact]
    public void Root_OfAProgram_IsTheHashOfItsThreeWords()
    {
        ProgramWords words = ProgramCode.Of(ScoringProgram.Of(TinyTasks.All["median"], 0)).Words;

        Assert.Equal(
            PlainRecords.Keccak([.. words.Code.ToArray(), .. words.Constants.ToArray(), .. words.Layout.ToArray()]),
            words.Root.ToArray());
    }

    // So many hashes lie beside the way from a leaf to the root.
    private static int Levels(int bytes) => LeafTree.Path(new byte[bytes], 0).Length;
}
