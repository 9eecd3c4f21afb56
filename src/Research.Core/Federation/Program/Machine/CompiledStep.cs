namespace Research.Federation.Program.Machine;

/// <summary>A step for a number of seats.</summary>
internal sealed class CompiledStep
{
    public CompiledStep(Step step, long blocks, long parameterBytes)
    {
        Step = step;
        long seats = blocks * Extent.SeatBlock;
        Extents = [.. step.Loops.Select(loop => loop.At(seats))];
        A = CompiledOperand.Of(step, step.A, blocks, parameterBytes);
        B = CompiledOperand.Of(step, step.B, blocks, parameterBytes);
        C = CompiledOperand.Of(step, step.C, blocks, parameterBytes);
        Offset = step.Offset.At(blocks);
        Bytes = step.Bytes.At(blocks);
        Count = step.Count.At(blocks);
    }

    public Step Step { get; }

    public long[] Extents { get; }

    public CompiledOperand A { get; }

    public CompiledOperand B { get; }

    public CompiledOperand C { get; }

    /// <summary>Gets where its outputs begin in an image of its loop's own steps.</summary>
    public long Offset { get; }

    public long Bytes { get; }

    public long Count { get; }
}
