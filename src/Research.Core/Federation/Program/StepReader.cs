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
    private readonly long _blocks = seats / Extent.SeatBlock;

    /// <summary>Opens the step whose output an address lies in.</summary>
    /// <exception cref="ArgumentException">No output lies there: the bytes fill up a leaf.</exception>
    public TraceStep At(long address)
    {
        StepPlace place = Find(address);
        if (place.IsPadding)
        {
            throw new ArgumentException($"No output lies at {address}: the array before it ends there.", nameof(address));
        }

        ProgramRecord record = place.Record;
        StepRead?[] reads = ReadsOf(place);
        byte[][] bytes = [.. reads.Select((read, which) => BytesOf(record, which, read))];
        return new TraceStep(
            place.Step.Name,
            record.Kind.ToString(),
            place.Number,
            place.Output,
            place.Coordinates,
            [
                .. reads.Select((read, which) => new TraceOperand(
                    read?.Tree ?? record.Operands[which]?.Tree ?? 0,
                    read?.Address ?? -1,
                    Numbers(bytes[which], record.Operands[which]?.Width ?? sizeof(long))))
                    .Where((_, which) => record.Operands[which] is not null),
            ],
            Convert.ToHexStringLower(read(place.Output, record.Width)),
            Convert.ToHexStringLower(record.Kind == StepKind.Entry
                ? inputs.EntriesBySeat().AsSpan((int)place.Coordinates[^1] * Step.Leaf, Step.Leaf)
                : StepArithmetic.Compute(
                    record,
                    bytes[0],
                    bytes[1],
                    bytes[2],
                    place.Output - RosterPart.BytesOf(seats),
                    place.Coordinates[^1])));
    }

    /// <summary>Finds the array that an address lies in, and its output there.</summary>
    public StepPlace Find(long address)
    {
        (Step step, long[] around) = Find(program.Draft.Root, address, []);
        int number = IndexOf(step);
        ProgramRecord record = code.Records[number];
        long rest = address - record.Start.At(_blocks);
        for (int i = 0; i < around.Length; i++)
        {
            rest -= around[i] * record.Loops[i].Stride.At(_blocks);
        }

        long[] coordinates = new long[record.Loops.Count];
        around.CopyTo(coordinates, 0);
        bool isPadding = rest / step.Width >= step.Count.At(_blocks);
        long output = address - (rest % step.Width);
        for (int i = around.Length; i < coordinates.Length && !isPadding; i++)
        {
            long stride = record.Loops[i].Stride.At(_blocks);
            coordinates[i] = rest / stride;
            rest %= stride;
        }

        return new StepPlace(step, number, record, coordinates, output, isPadding);
    }

    /// <summary>Gets what a step reads, by operand: null where that is 0 whatever the trees have.</summary>
    public StepRead?[] ReadsOf(StepPlace place)
    {
        ProgramRecord record = place.Record;
        StepRead?[] reads = [Begin(place, 0), Begin(place, 1), Begin(place, 2)];
        switch (record.Kind)
        {
            case StepKind.Gather:
                long index = NumberOf(reads[0]);
                reads[1] = index >= 0 && index < record.Length
                    ? reads[1]!.Value.Moved(index * record.Operands[1]!.Width)
                    : null;
                break;
            case StepKind.Table:
                Int128 wanted = (Int128)NumberOf(reads[0]) + NumberOf(reads[2]);
                reads[1] = reads[1]!.Value.Moved(
                    (long)Int128.Clamp(wanted, 0, record.Length - 1) * record.Operands[1]!.Width);
                break;
            case StepKind.Decode when NumberOf(reads[0]) <= 0: // Then the second of the pair scores.
                reads[1] = reads[1]!.Value.Moved(record.Length);
                reads[2] = reads[2]!.Value.Moved(Step.Leaf);
                break;
        }

        return reads;
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

    // Where an operand begins, and how many bytes of it are read.
    private StepRead? Begin(StepPlace place, int which)
    {
        ProgramRecord record = place.Record;
        long[] coordinates = place.Coordinates;
        if (record.Operands[which] is not { } operand)
        {
            return null;
        }

        bool isFirst = operand.CarriedAlong is { } carried && coordinates[carried] == 0;
        if (isFirst && operand.First is null)
        {
            return null;
        }

        long address = isFirst ? operand.First!.Value.At(_blocks) : operand.Start.At(_blocks);
        for (int i = 0; i < coordinates.Length; i++)
        {
            address += coordinates[i] * operand.Strides[i].At(_blocks);
        }

        int count = record.Kind switch
        {
            StepKind.Hash => record.Length == Step.Leaf ? Step.Leaf : record.Length / 2,
            _ => Count(record, which, coordinates) * operand.Width,
        };
        int tree = operand.Tree + (operand.TreeLoop is { } loop ? (int)coordinates[loop] : 0);
        return new StepRead(tree, address, count, operand.Width);
    }

    // The last part of a run may be shorter.
    private static int Count(ProgramRecord record, int which, long[] coordinates)
    {
        int count = StepArithmetic.Reads(record, which);
        bool isPart = (record.Kind, which) is (StepKind.Dot, 0 or 1) or (StepKind.Sum, 0);
        return isPart ? (int)Math.Min(count, record.Length - (coordinates[^1] * Step.MostTerms)) : count;
    }

    private long NumberOf(StepRead? read) => read is { } one
        ? Numbers(Bytes(one.Tree, one.Address, one.Count), one.Width)[0]
        : 0;

    // Of an operand that is 0, one number.
    private byte[] BytesOf(ProgramRecord record, int which, StepRead? read) => read is { } one
        ? Bytes(one.Tree, one.Address, one.Count)
        : new byte[record.Operands[which] is { } operand && !(record.Kind == StepKind.Gather && which == 1) ? operand.Width : 0];

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
