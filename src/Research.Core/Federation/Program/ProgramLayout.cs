using System.Buffers.Binary;
using Research.Federation.Trace;

namespace Research.Federation.Program;

/// <summary>How large a program's trace is, and how deep the trees that it reads: one word of its root.</summary>
/// <param name="Bytes">The bytes of the trace.</param>
/// <param name="Constants">Levels of the constants' tree above its leaves.</param>
/// <param name="Weights">Of a model's weights, and of an update's.</param>
/// <param name="Direction">Of a direction in which a round moved the model.</param>
/// <param name="Records">Of the round's records.</param>
/// <param name="Keys">Of their keys.</param>
internal sealed record ProgramLayout(Polynomial Bytes, int Constants, int Weights, int Direction, int Records, int Keys)
{
    /// <summary>Gets the layout of a program.</summary>
    public static ProgramLayout Of(ScoringProgram program)
    {
        ScoringNumbers numbers = program.Numbers;
        long records = 2L * numbers.Records;
        return new ProgramLayout(
            program.Bytes,
            Depth(program.Draft.Constants.Count),
            Depth((long)numbers.Parameters * sizeof(int)),
            Depth((long)numbers.Parameters * sizeof(short)),
            Depth(records * numbers.RecordBytes),
            Depth(records * Step.Leaf));
    }

    /// <summary>Gets the word.</summary>
    public TreeHash ToWord()
    {
        Span<byte> to = stackalloc byte[TreeHash.Size];
        to.Clear();
        BinaryPrimitives.WriteInt64BigEndian(to, Bytes.Constant);
        BinaryPrimitives.WriteInt64BigEndian(to[8..], Bytes.PerBlock);
        BinaryPrimitives.WriteInt64BigEndian(to[16..], Bytes.PerPair);
        to[24] = (byte)Constants;
        to[25] = (byte)Weights;
        to[26] = (byte)Direction;
        to[27] = (byte)Records;
        to[28] = (byte)Keys;
        return new TreeHash(to);
    }

    private static int Depth(long bytes) => LeafTree.Depth(LeafTree.Leaves(bytes));
}
