namespace Research.Federation.Program;

/// <summary>An operand of a record.</summary>
/// <param name="Tree">The tree that it lies in; see <see cref="Program.Tree"/>.</param>
/// <param name="TreeLoop">The loop whose coordinate is added to the tree's number; null for none.</param>
/// <param name="Width">Bytes of an element.</param>
/// <param name="Start">The address where every coordinate is 0.</param>
/// <param name="Strides">By how many bytes it moves on, a loop each.</param>
/// <param name="CarriedAlong">The loop of whose run before it is; null for none.</param>
/// <param name="First">The address in that loop's first run; null reads 0 there.</param>
internal sealed record RecordOperand(
    int Tree,
    int? TreeLoop,
    int Width,
    Polynomial Start,
    IReadOnlyList<Polynomial> Strides,
    int? CarriedAlong,
    Polynomial? First)
{
    /// <summary>Gets the operand of a step.</summary>
    public static RecordOperand? Of(Step reader, Operand? operand)
    {
        if (operand is null)
        {
            return null;
        }

        IReadOnlyList<Loop> around = reader.Parent.Chain();
        Step? source = operand.Source;
        Polynomial width = operand.Width;
        Polynomial start = (operand.Offset * width) + (source?.Address ?? 0);
        Polynomial[] strides = new Polynomial[around.Count + reader.Loops.Count];
        foreach ((Loop loop, long stride) in operand.Around)
        {
            strides[IndexOf(around, loop)] += stride * width;
        }

        for (int i = 0; i < reader.Loops.Count; i++)
        {
            strides[around.Count + i] += operand.StrideOf(i) * width;
        }

        int? carried = operand.CarriedAlong >= 0 ? around.Count + operand.CarriedAlong : null;
        if (carried is not null)
        {
            start -= width;
        }

        foreach (Loop loop in source?.Parent.Chain() ?? [])
        {
            bool isShared = loop.Encloses(reader.Parent);
            bool isWalked = ReferenceEquals(loop, source!.Parent) && !isShared;
            if (isShared)
            {
                strides[IndexOf(around, loop)] += loop.Stride;
            }
            else if (isWalked && operand.WalkAround is { } walk)
            {
                strides[IndexOf(around, walk)] += loop.Stride;
            }
            else if (isWalked && operand.Walk >= 0)
            {
                strides[around.Count + operand.Walk] += loop.Stride;
            }
            else
            {
                start += (loop.Extent.Count - 1) * loop.Stride; // The last run.
            }
        }

        if (operand.IsCarried)
        {
            carried = IndexOf(around, source!.Parent);
            start -= source.Parent.Stride;
        }

        return new RecordOperand(
            operand.Tree,
            operand.TreeByOwn ? around.Count : operand.TreeLoop is { } tree ? IndexOf(around, tree) : null,
            operand.Width,
            start,
            strides,
            carried,
            operand.First?.Address);
    }

    private static int IndexOf(IReadOnlyList<Loop> loops, Loop loop)
    {
        for (int i = 0; i < loops.Count; i++)
        {
            if (ReferenceEquals(loops[i], loop))
            {
                return i;
            }
        }

        throw new InvalidOperationException("An operand moves with a loop that is not around its reader.");
    }
}
