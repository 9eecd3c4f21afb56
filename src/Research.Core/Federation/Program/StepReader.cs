using System.Buffers.Binary;

namespace Research.Federation.Program;

/// <summary>Finds the step at an address, reads its operands, and computes it by itself.</summary>
/// <param name="program">The program.</param>
/// <param name="inputs">What it reads.</param>
/// <param name="code">Its records.</param>
/// <param name="seats">The seats.</param>
/// <param name="read">Reads the trace.</param>
internal sealed class StepReader(
    ScoringProgram program, ProgramInputs inputs, ProgramCode code, int seats, Func<long, int, byte[]> read)
{
    private const int KeyBytes = 32;

    private readonly long _blocks = seats / Extent.SeatBlock;

    /// <summary>Opens the step whose output an address lies in.</summary>
    public TraceStep At(long address)
    {
        (Step step, long[] around) = Find(program.Draft.Root, address, []);
        int number = IndexOf(step);
        ProgramRecord record = code.Records[number];
        long rest = address - record.Start.At(_blocks);
        for (int i = 0; i < around.Length; i++)
        {
            rest -= around[i] * record.Loops[i].Stride.At(_blocks);
        }

        if (rest / step.Width >= step.Count.At(_blocks))
        {
            throw new ArgumentException($"No output lies at {address}: the array before it ends there.", nameof(address));
        }

        long output = address - (rest % step.Width);
        long[] coordinates = new long[record.Loops.Count];
        around.CopyTo(coordinates, 0);
        for (int i = around.Length; i < coordinates.Length; i++)
        {
            long stride = record.Loops[i].Stride.At(_blocks);
            coordinates[i] = rest / stride;
            rest %= stride;
        }

        (byte[] Bytes, TraceOperand Read)[] operands =
            [.. Enumerable.Range(0, record.Operands.Count).Select(i => Operand(record, i, coordinates))];
        return new TraceStep(
            step.Name,
            step.Kind.ToString(),
            number,
            output,
            coordinates,
            [.. operands.Where((_, i) => record.Operands[i] is not null).Select(one => one.Read)],
            Convert.ToHexStringLower(read(output, step.Width)),
            Convert.ToHexStringLower(record.Kind == StepKind.Entry
                ? inputs.EntriesBySeat().AsSpan((int)coordinates[^1] * Step.Leaf, Step.Leaf)
                : StepArithmetic.Compute(
                    record, operands[0].Bytes, operands[1].Bytes, operands[2].Bytes, output, coordinates[^1])));
    }

    private (Step Step, long[] Around) Find(Loop loop, long address, long[] around)
    {
        long moved = 0;
        IReadOnlyList<Loop> chain = loop.Chain();
        for (int i = 0; i < chain.Count; i++)
        {
            moved += around[i] * chain[i].Stride.At(_blocks);
        }

        foreach (object item in loop.Items)
        {
            if (item is Step step)
            {
                if (address - moved - step.Address.At(_blocks) < step.Bytes.At(_blocks))
                {
                    return (step, around);
                }
            }
            else
            {
                Loop inner = (Loop)item;
                long inside = address - moved - inner.Address.At(_blocks);
                long stride = inner.Stride.At(_blocks);
                if (inside < stride * inner.Extent.At(seats))
                {
                    return Find(inner, address, [.. around, inside / stride]);
                }
            }
        }

        throw new ArgumentOutOfRangeException(nameof(address), address, "Expected an address within the trace.");
    }

    private int IndexOf(Step step)
    {
        int index = 0;
        while (!ReferenceEquals(program.Draft.Steps[index], step))
        {
            index++;
        }

        return index;
    }

    private (byte[] Bytes, TraceOperand Read) Operand(ProgramRecord record, int which, long[] coordinates)
    {
        if (record.Operands[which] is not { } operand)
        {
            return ([], new TraceOperand(0, -1, []));
        }

        bool isFirst = operand.CarriedAlong is { } carried && coordinates[carried] == 0;
        if (isFirst && operand.First is null)
        {
            return (new byte[operand.Width], new TraceOperand(operand.Tree, -1, [0]));
        }

        long address = isFirst ? operand.First!.Value.At(_blocks) : operand.Start.At(_blocks);
        for (int i = 0; i < coordinates.Length; i++)
        {
            address += coordinates[i] * operand.Strides[i].At(_blocks);
        }

        int tree = operand.Tree + (operand.TreeLoop is { } loop ? (int)coordinates[loop] : 0);
        byte[] bytes = record.Kind switch
        {
            StepKind.Hash => Bytes(tree, address, record.Length == Step.Leaf ? Step.Leaf : record.Length / 2),
            StepKind.Decode when which > 0 => Decoded(record, which, tree, address, coordinates),
            _ => Bytes(tree, address, Count(record, which, coordinates) * operand.Width),
        };
        return (bytes, new TraceOperand(tree, address, Numbers(bytes, operand.Width)));
    }

    // The last part of a run may be shorter.
    private static int Count(ProgramRecord record, int which, long[] coordinates)
    {
        int count = StepArithmetic.Reads(record, which);
        bool isPart = (record.Kind, which) is (StepKind.Dot, 0 or 1) or (StepKind.Sum, 0);
        return isPart ? (int)Math.Min(count, record.Length - (coordinates[^1] * Step.MostTerms)) : count;
    }

    // The word of plain text is given as the second operand, its key as the third.
    private byte[] Decoded(ProgramRecord record, int which, int tree, long address, long[] coordinates)
    {
        (byte[] open, _) = Operand(record, 0, coordinates);
        int second = BinaryPrimitives.ReadInt16BigEndian(open) > 0 ? 0 : 1;
        if (which == 2)
        {
            return Bytes(tree, address + (second * Step.Leaf), KeyBytes);
        }

        byte[] word = Bytes(tree, address + ((long)second * record.Length), sizeof(short));
        (byte[] key, _) = Operand(record, 2, coordinates);
        byte[] pair = [.. key, .. new byte[KeyBytes]];
        long index = coordinates[^1];
        const int PerBlock = KeyBytes / sizeof(short);
        BinaryPrimitives.WriteInt64BigEndian(pair.AsSpan(^sizeof(long)), index / PerBlock);
        byte[] mask = new byte[KeyBytes];
        Trace.KeccakLanes.HashPairs(pair, mask);
        int at = (int)(index % PerBlock) * sizeof(short);
        return [(byte)(word[0] ^ mask[at]), (byte)(word[1] ^ mask[at + 1])];
    }

    private byte[] Bytes(int tree, long address, int count)
    {
        if (tree == Tree.Trace)
        {
            return read(address, count);
        }

        byte[] bytes = new byte[count];
        ReadOnlySpan<byte> all = tree switch
        {
            Tree.Constants => code.Constants,
            Tree.Model => ProgramInputs.ToBytes(inputs.Model.Span),
            Tree.Records => inputs.Records.Span,
            Tree.Keys => inputs.KeyLeaves(),
            Tree.Chain => inputs.Seed.Span,
            >= Tree.Updates => Update(tree - Tree.Updates),
            _ => ProgramInputs.ToBytes(inputs.PastSteps[tree - Tree.PastSteps].Span),
        };
        if (address < all.Length)
        {
            all.Slice((int)address, (int)Math.Min(count, all.Length - address)).CopyTo(bytes);
        }

        return bytes;
    }

    private byte[] Update(int seat) => ProgramInputs.ToBytes(inputs.UpdateOf(seat).Span);

    private static IReadOnlyList<long> Numbers(byte[] bytes, int width) => width > sizeof(long)
        ? []
        : [.. bytes.Chunk(width).Select(one =>
        {
            long value = (sbyte)one[0];
            foreach (byte next in one.AsSpan(1))
            {
                value = (value << 8) | next;
            }

            return value;
        })];
}
