namespace Research.Federation.Program;

/// <summary>Proves of a program's records that every byte of the trace has one value, whatever the number of seats.</summary>
/// <remarks>
/// Records tile: each array begins where the one before it ended, the runs of a loop follow each other, and so no byte
/// has two steps, and none has none. Every operand lies before the step's own output, or in an input. Both are statements
/// about polynomials in the blocks of seats, decided by their coefficients: what is not decided so is refused.
/// </remarks>
internal static class ProgramChecker
{
    /// <summary>Checks a program.</summary>
    /// <param name="records">The records.</param>
    /// <returns>The bytes of the trace.</returns>
    /// <exception cref="InvalidDataException">A record overlaps another, leaves a gap, or reads what comes later.</exception>
    public static Polynomial Check(IReadOnlyList<ProgramRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        int next = 0;
        Polynomial end = 0;
        while (next < records.Count)
        {
            end = Tile(records, ref next, 0, end);
        }

        for (int i = 0; i < records.Count; i++)
        {
            foreach (RecordOperand? operand in records[i].Operands)
            {
                if (operand is { Tree: Tree.Trace })
                {
                    CheckOrder(records[i], operand, i);
                }
            }
        }

        return end;
    }

    // One array, or one loop with all that it holds; returns where it ends.
    private static Polynomial Tile(IReadOnlyList<ProgramRecord> records, ref int next, int depth, Polynomial at)
    {
        ProgramRecord record = records[next];
        if (record.Around < depth || record.Around > record.Loops.Count)
        {
            throw Refused(next, $"expected {depth} loops around it or more, got {record.Around}");
        }

        if (record.Around == depth)
        {
            CheckParts(record, next);
            if (record.Start != at)
            {
                throw Refused(next, $"expected its outputs to begin at {at}, got {record.Start}");
            }

            Polynomial bytes = Dense(record, next);
            next++;
            return at + bytes;
        }

        RecordLoop loop = record.Loops[depth];
        if (!(loop.Stride - Step.Leaf).IsNeverNegative)
        {
            throw Refused(next, $"expected a loop that moves on, got {loop.Stride}");
        }

        Polynomial end = at + loop.Stride;
        Polynomial inside = at;
        int first = next;
        while (inside != end)
        {
            if (next == records.Count || records[next].Around <= depth || !records[next].Loops.Take(depth + 1)
                .SequenceEqual(record.Loops.Take(depth + 1)))
            {
                throw Refused(first, $"expected a loop of {loop.Stride} bytes a run, got {inside - at}");
            }

            inside = Tile(records, ref next, depth + 1, inside);
        }

        return at + (loop.Stride * loop.Extent.Count);
    }

    private static void CheckParts(ProgramRecord record, int index)
    {
        bool hasParts = record.Kind is StepKind.Dot or StepKind.Sum;
        if (hasParts && (record.Loops.Count == record.Around || record.Length < 1
            || record.Loops[^1].Extent.IsSeats || record.Loops[^1].Extent.Constant != Step.PartsOf(record.Length)))
        {
            throw Refused(index, $"expected a last loop over the parts of a run of {record.Length}");
        }

        foreach (RecordOperand? operand in record.Operands)
        {
            if (operand is { Tree: < 0 } or { Tree: Tree.Trace, TreeLoop: not null })
            {
                throw Refused(index, $"expected an operand in the trace or in an input, got tree {operand.Tree}");
            }
        }
    }

    // The bytes of an array without a gap, whole leaves.
    private static Polynomial Dense(ProgramRecord record, int index)
    {
        Polynomial stride = record.Width;
        for (int loop = record.Loops.Count - 1; loop >= record.Around; loop--)
        {
            if (record.Loops[loop].Stride != stride)
            {
                throw Refused(index, $"expected loop {loop} to move by {stride}, got {record.Loops[loop].Stride}");
            }

            stride *= record.Loops[loop].Extent.Count;
        }

        if (stride.PerBlock == 0 && stride.PerPair == 0)
        {
            return (stride.Constant + Step.Leaf - 1) / Step.Leaf * Step.Leaf;
        }

        return stride.IsMultipleOf(Step.Leaf)
            ? stride
            : throw Refused(index, $"expected whole leaves of {Step.Leaf} bytes for each block of seats, got {stride}");
    }

    private static void CheckOrder(ProgramRecord record, RecordOperand operand, int index)
    {
        bool hasParts = record.Kind is StepKind.Dot or StepKind.Sum && ReferenceEquals(operand, record.Operands[0]);
        hasParts |= record.Kind == StepKind.Dot && ReferenceEquals(operand, record.Operands[1]);
        Polynomial span = Span(record, operand, hasParts);
        CheckBefore(record, operand, index, operand.Start + span, hasParts, operand.CarriedAlong is null ? null : 1);
        if (operand is { CarriedAlong: not null, First: { } first })
        {
            CheckBefore(record, operand, index, first + span, hasParts, 0);
        }
    }

    // How many bytes a step reads from where its operand begins; of parts, all of them.
    private static Polynomial Span(ProgramRecord record, RecordOperand operand, bool hasParts)
    {
        int which = operand == record.Operands[0] ? 0 : operand == record.Operands[1] ? 1 : 2;
        bool isRun = hasParts || (record.Kind, which) is
            (StepKind.Gather, 1) or (StepKind.Table, 1) or (StepKind.Largest, 0) or (StepKind.Trim, 0) or (StepKind.Trim, 1);
        return record.Kind == StepKind.Hash ? (record.Length == Step.Leaf ? Step.Leaf : record.Length / 2)
            : isRun ? (long)record.Length * operand.Width
            : operand.Width;
    }

    // Whether output − end is never negative: it is affine in each coordinate, so its least value lies at an end of each.
    private static void CheckBefore(
        ProgramRecord record, RecordOperand operand, int index, Polynomial end, bool hasParts, int? carriedFrom)
    {
        Polynomial least = record.Start - end;
        Polynomial lowest = operand.Start;
        for (int loop = 0; loop < record.Loops.Count; loop++)
        {
            bool isCarried = carriedFrom is not null && loop == operand.CarriedAlong;
            Polynomial from = isCarried ? carriedFrom!.Value : 0;
            Polynomial to = isCarried && carriedFrom == 0 ? 0 : record.Loops[loop].Extent.Count - 1;
            bool isParts = hasParts && loop == record.Loops.Count - 1;
            Polynomial moves = isParts ? 0 : operand.Strides[loop]; // The span has all parts already.
            Polynomial gain = record.Loops[loop].Stride - moves;
            least += gain.IsNeverNegative ? gain * from
                : (-gain).IsNeverNegative ? gain * to
                : moves.IsNeverNegative ? -(moves * to) // As if the output stayed where it is first.
                : throw Refused(index, $"its operand moves by {moves}, which cannot be told from {record.Loops[loop].Stride}");
            lowest += (-moves).IsNeverNegative ? moves * to : moves.IsNeverNegative ? moves * from : 0;
        }

        if (!least.IsNeverNegative)
        {
            throw Refused(index, $"it reads what comes {least} bytes before its own output");
        }

        if (carriedFrom == 0)
        {
            lowest += end - operand.Start - Span(record, operand, hasParts); // From where the first run's lies.
        }

        if (!lowest.IsNeverNegative)
        {
            throw Refused(index, $"it reads at {lowest}");
        }
    }

    private static InvalidDataException Refused(int index, string problem) =>
        new($"Record {index} of the program: {problem}.");
}
