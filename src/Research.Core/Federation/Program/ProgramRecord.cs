using System.Buffers.Binary;

namespace Research.Federation.Program;

/// <summary>One record of a program, as it is hashed: a nest of loops, and the addresses of its operands in them.</summary>
/// <remarks>See <c>contracts/SCORING.md</c>, "Records". Addresses and strides are in bytes.</remarks>
/// <param name="Kind">What a step computes.</param>
/// <param name="Width">Bytes of an output.</param>
/// <param name="Length">How long a run is, or what the kind says.</param>
/// <param name="ShiftLeft">t.</param>
/// <param name="ShiftRight">s.</param>
/// <param name="Low">The least output.</param>
/// <param name="High">The greatest output.</param>
/// <param name="Start">The address of the first output.</param>
/// <param name="Around">How many of the loops are around; the others are the array's own.</param>
/// <param name="Loops">The loops, the outermost first.</param>
/// <param name="Operands">Three operands; null where there is none.</param>
internal sealed record ProgramRecord(
    StepKind Kind,
    int Width,
    int Length,
    int ShiftLeft,
    int ShiftRight,
    long Low,
    long High,
    Polynomial Start,
    int Around,
    IReadOnlyList<RecordLoop> Loops,
    IReadOnlyList<RecordOperand?> Operands)
{
    /// <summary>The bytes of a record.</summary>
    public const int Bytes = 1024;

    private const int LoopsAt = 64;
    private const int LoopBytes = 32;
    private const int OperandsAt = LoopsAt + (Step.MostLoops * LoopBytes);
    private const int OperandBytes = 192;
    private const byte None = 255;

    /// <summary>Gets the record of a step.</summary>
    public static ProgramRecord Of(Step step)
    {
        IReadOnlyList<Loop> around = step.Parent.Chain();
        List<RecordLoop> loops = [.. around.Select(loop => new RecordLoop(loop.Extent, loop.Stride))];
        Polynomial stride = step.Width;
        List<RecordLoop> own = [];
        for (int i = step.Loops.Count - 1; i >= 0; i--)
        {
            own.Insert(0, new RecordLoop(step.Loops[i], stride));
            stride *= step.Loops[i].Count;
        }

        loops.AddRange(own);
        if (loops.Count > Step.MostLoops)
        {
            throw new InvalidOperationException($"{step.Name}: {loops.Count} loops, of {Step.MostLoops} at most.");
        }

        return new ProgramRecord(
            step.Kind,
            step.Width,
            step.Length,
            step.ShiftLeft,
            step.ShiftRight,
            step.Low,
            step.High,
            step.Address,
            around.Count,
            loops,
            [RecordOperand.Of(step, step.A), RecordOperand.Of(step, step.B), RecordOperand.Of(step, step.C)]);
    }

    /// <summary>Writes the record.</summary>
    /// <param name="to">Receives <see cref="Bytes"/>; zero before.</param>
    public void Write(Span<byte> to)
    {
        to[0] = (byte)Kind;
        to[1] = (byte)Width;
        to[2] = (byte)Loops.Count;
        to[3] = (byte)Around;
        BinaryPrimitives.WriteInt32BigEndian(to[4..], Length);
        to[8] = (byte)ShiftLeft;
        to[9] = (byte)ShiftRight;
        BinaryPrimitives.WriteInt64BigEndian(to[16..], Low);
        BinaryPrimitives.WriteInt64BigEndian(to[24..], High);
        Write(to[32..], Start);
        for (int i = 0; i < Loops.Count; i++)
        {
            Span<byte> at = to[(LoopsAt + (i * LoopBytes))..];
            BinaryPrimitives.WriteInt32BigEndian(at, Loops[i].Extent.Constant);
            Write(at[8..], Loops[i].Stride);
        }

        for (int i = 0; i < Operands.Count; i++)
        {
            if (Operands[i] is { } operand)
            {
                Write(to[(OperandsAt + (i * OperandBytes))..], operand);
            }
        }
    }

    private static void Write(Span<byte> to, RecordOperand operand)
    {
        BinaryPrimitives.WriteInt32BigEndian(to, operand.Tree);
        to[4] = (byte)operand.Width;
        to[5] = operand.TreeLoop is { } tree ? (byte)tree : None;
        to[6] = operand.CarriedAlong is { } carried ? (byte)carried : None;
        to[7] = operand.First is null ? (byte)1 : (byte)2;
        Write(to[8..], operand.Start);
        Write(to[32..], operand.First ?? 0);
        for (int i = 0; i < operand.Strides.Count; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(to[(64 + (16 * i))..], operand.Strides[i].Constant);
            BinaryPrimitives.WriteInt64BigEndian(to[(72 + (16 * i))..], operand.Strides[i].PerBlock);
        }
    }

    private static void Write(Span<byte> to, Polynomial value)
    {
        BinaryPrimitives.WriteInt64BigEndian(to, value.Constant);
        BinaryPrimitives.WriteInt64BigEndian(to[8..], value.PerBlock);
        BinaryPrimitives.WriteInt64BigEndian(to[16..], value.PerPair);
    }
}

/// <summary>A loop of a record.</summary>
/// <param name="Extent">How often it runs.</param>
/// <param name="Stride">By how many bytes the output moves on.</param>
internal readonly record struct RecordLoop(Extent Extent, Polynomial Stride);
