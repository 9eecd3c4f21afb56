using System.Numerics;
using System.Runtime.Intrinsics;

namespace Research.Federation.Program.Machine;

/// <summary>Computes all outputs of a step: the loops, and a row of outputs at a time.</summary>
/// <remarks>
/// The definition of each kind is that of <c>contracts/SCORING.md</c>, in whole numbers of any size; here 64 bits serve
/// where the widths show that they suffice, 128 or more where not.
/// </remarks>
internal static unsafe class Kernel
{
    /// <summary>Computes them.</summary>
    /// <param name="step">The step.</param>
    /// <param name="a">The first operand of the first output; null reads 0.</param>
    /// <param name="b">The second.</param>
    /// <param name="c">The third.</param>
    /// <param name="output">Receives the outputs.</param>
    /// <param name="address">The address of the first output, behind the roster.</param>
    public static void Run(CompiledStep step, byte* a, byte* b, byte* c, byte* output, long address)
    {
        long[] extents = step.Extents;
        int inner = extents.Length - 1;
        while (inner > 0 && extents[inner] == 1)
        {
            inner--; // A loop that runs once has no row.
        }

        Span<long> at = stackalloc long[Program.Step.MostLoops];
        at.Clear();
        long* zero = stackalloc long[4];
        new Span<long>(zero, 4).Clear();
        byte* begin = output;
        while (true)
        {
            Row row = new(
                a is null ? (byte*)zero : a + Place(step.A, at, inner),
                b is null ? (byte*)zero : b + Place(step.B, at, inner),
                c is null ? (byte*)zero : c + Place(step.C, at, inner),
                a is null ? 0 : step.A.Strides[inner],
                b is null ? 0 : step.B.Strides[inner],
                c is null ? 0 : step.C.Strides[inner],
                output,
                (int)extents[inner],
                inner,
                address + (output - begin));
            Compute(step, row);
            output += extents[inner] * step.Step.Width;
            int loop = inner - 1;
            for (; loop >= 0 && ++at[loop] == extents[loop]; loop--)
            {
                at[loop] = 0;
            }

            if (loop < 0)
            {
                return;
            }
        }
    }

    private static long Place(CompiledOperand operand, ReadOnlySpan<long> at, int inner)
    {
        long place = 0;
        for (int loop = 0; loop < inner; loop++)
        {
            place += at[loop] * operand.Strides[loop];
        }

        return place;
    }

    private static void Compute(CompiledStep step, in Row row)
    {
        switch (step.Step.Kind)
        {
            case StepKind.Explain:
                ExplainRow.Run(step, row);
                return;
            case StepKind.Hash:
                HashRow.Run(step, row);
                return;
            case StepKind.Coin or StepKind.Noise:
                RandomRow.Run(step, row);
                return;
            case StepKind.Choice:
                ChoiceRow.Run(step, row);
                return;
            case StepKind.Decode:
                RecordRow.Run(step, row);
                return;
        }

        long* values = stackalloc long[Rows.Most];
        for (int from = 0; from < row.Count; from += Rows.Most)
        {
            int count = Math.Min(Rows.Most, row.Count - from);
            switch (step.Step.Kind)
            {
                case StepKind.Dot:
                    Dots(step, row, from, count, values);
                    break;
                case StepKind.Sum:
                    Sums(step, row, from, count, values);
                    break;
                case StepKind.Mac:
                    Macs(step, row, from, count, values);
                    break;
                case StepKind.Gather or StepKind.Table when row.StrideB == 0:
                    Looks(step, row, from, count, values);
                    break;
                case StepKind.Select or StepKind.Match or StepKind.Less:
                    Choices(step, row, from, count, values);
                    break;
                default:
                    Singles(step, row, from, count, values);
                    break;
            }

            Rows.Store(values, row.Output + ((long)from * step.Step.Width), step.Step.Width, count);
        }
    }

    private static void Dots(CompiledStep compiled, in Row row, int from, int count, long* values)
    {
        Step step = compiled.Step;
        bool hasParts = row.Loop == compiled.Extents.Length - 1 && step.Length > Program.Step.MostTerms;
        bool hasThird = compiled.C.Reach != Reach.Nothing;
        int length = Math.Min(step.Length, Program.Step.MostTerms);
        for (int i = 0; i < count; i++)
        {
            if (hasParts)
            {
                length = Math.Min(Program.Step.MostTerms, step.Length - ((from + i) * Program.Step.MostTerms));
            }

            long product = Products.Of(
                (short*)(row.A + ((from + i) * row.StrideA)), (short*)(row.B + ((from + i) * row.StrideB)), length);
            values[i] = hasThird
                ? Added(step, product, Rows.One(row.C + ((from + i) * row.StrideC), compiled.C.Width))
                : product;
        }

        if (!hasThird)
        {
            Bound(step, values, count);
        }
    }

    private static void Sums(CompiledStep compiled, in Row row, int from, int count, long* values)
    {
        Step step = compiled.Step;
        bool hasSecond = compiled.B.Reach != Reach.Nothing;
        if (step.Length == 1 && !hasSecond && (step.ShiftRight == 0 || compiled.A.Width < sizeof(long)))
        {
            Rows.Load(values, row.A + (from * row.StrideA), compiled.A.Width, row.StrideA, count);
            Bound(step, values, count);
            return;
        }

        bool hasParts = row.Loop == compiled.Extents.Length - 1 && step.Length > Program.Step.MostTerms;
        int length = Math.Min(step.Length, Program.Step.MostTerms);
        for (int i = 0; i < count; i++)
        {
            if (hasParts)
            {
                length = Math.Min(Program.Step.MostTerms, step.Length - ((from + i) * Program.Step.MostTerms));
            }

            long second = hasSecond ? Rows.One(row.B + ((from + i) * row.StrideB), compiled.B.Width) : 0;
            byte* run = row.A + ((from + i) * row.StrideA);
            values[i] = compiled.A.Width == sizeof(long)
                ? Wide(step, Products.WideSum((long*)run, length), second)
                : Added(step, Products.Sum(run, compiled.A.Width, length), second);
        }
    }

    private static void Macs(CompiledStep compiled, in Row row, int from, int count, long* values)
    {
        Step step = compiled.Step;
        long* a = stackalloc long[Rows.Most];
        long* c = stackalloc long[Rows.Most];
        Rows.Load(a, row.A + (from * row.StrideA), compiled.A.Width, row.StrideA, count);
        Rows.Load(values, row.B + (from * row.StrideB), compiled.B.Width, row.StrideB, count);
        bool hasThird = compiled.C.Reach != Reach.Nothing;
        if (hasThird)
        {
            Rows.Load(c, row.C + (from * row.StrideC), compiled.C.Width, row.StrideC, count);
        }

        if (!Fits(compiled, a, values, c, hasThird, count))
        {
            for (int i = 0; i < count; i++)
            {
                values[i] = Wide(step, (Int128)a[i] * values[i], hasThird ? c[i] : 0);
            }

            return;
        }

        int j = 0;
        for (; j + 8 <= count; j += 8)
        {
            Vector512<long> x = Vector512.Load(a + j) * Vector512.Load(values + j);
            if (hasThird)
            {
                x += Vector512.ShiftLeft(Vector512.Load(c + j), step.ShiftLeft);
            }

            x.Store(values + j);
        }

        for (; j < count; j++)
        {
            values[j] = (a[j] * values[j]) + (hasThird ? c[j] << step.ShiftLeft : 0);
        }

        Bound(step, values, count);
    }

    // Whether 64 bits hold every product and sum of a row: by the widths where these show it, else by looking.
    private static bool Fits(CompiledStep compiled, long* a, long* b, long* c, bool hasThird, int count)
    {
        const int Most = 61;
        int first = compiled.A.Width < sizeof(long) ? (8 * compiled.A.Width) - 1 : Bits(a, count, compiled.A.Strides);
        int second = compiled.B.Width < sizeof(long) ? (8 * compiled.B.Width) - 1 : Bits(b, count, compiled.B.Strides);
        if (first + second > Most + 1)
        {
            return false;
        }

        int third = !hasThird ? 0 : compiled.C.Width < sizeof(long) ? (8 * compiled.C.Width) - 1 : Bits(c, count, compiled.C.Strides);
        return third + compiled.Step.ShiftLeft <= Most;
    }

    private static int Bits(long* values, int count, long[] strides)
    {
        int looked = strides[^1] == 0 && strides.Length == 1 ? Math.Min(1, count) : count;
        ulong all = 0;
        for (int i = 0; i < looked; i++)
        {
            all |= (ulong)(values[i] ^ (values[i] >> 63));
        }

        return 64 - BitOperations.LeadingZeroCount(all);
    }

    // A row that looks into one table.
    private static void Looks(CompiledStep compiled, in Row row, int from, int count, long* values)
    {
        Step step = compiled.Step;
        Rows.Load(values, row.A + (from * row.StrideA), compiled.A.Width, row.StrideA, count);
        if (step.Kind == StepKind.Table)
        {
            for (int i = 0; i < count; i++)
            {
                values[i] = StepValues.Inside(
                    values[i], Rows.One(row.C + ((from + i) * row.StrideC), compiled.C.Width), step.Length);
            }
        }

        ulong length = (ulong)step.Length;
        byte* table = row.B;
        switch (compiled.B.Width)
        {
            case 2:
                for (int i = 0; i < count; i++)
                {
                    values[i] = (ulong)values[i] < length ? ((short*)table)[values[i]] : 0;
                }

                break;
            case 4:
                for (int i = 0; i < count; i++)
                {
                    values[i] = (ulong)values[i] < length ? ((int*)table)[values[i]] : 0;
                }

                break;
            default:
                for (int i = 0; i < count; i++)
                {
                    values[i] = (ulong)values[i] < length ? ((long*)table)[values[i]] : 0;
                }

                break;
        }

        Bound(step, values, count);
    }

    private static void Choices(CompiledStep compiled, in Row row, int from, int count, long* values)
    {
        Step step = compiled.Step;
        long* b = stackalloc long[Rows.Most];
        long* c = stackalloc long[Rows.Most];
        Rows.Load(values, row.A + (from * row.StrideA), compiled.A.Width, row.StrideA, count);
        Rows.Load(b, row.B + (from * row.StrideB), compiled.B.Width, row.StrideB, count);
        Rows.Load(c, row.C + (from * row.StrideC), compiled.C.Width, row.StrideC, count);
        switch (step.Kind)
        {
            case StepKind.Select:
                for (int i = 0; i < count; i++)
                {
                    values[i] = values[i] > 0 ? b[i] : c[i];
                }

                break;
            case StepKind.Match:
                for (int i = 0; i < count; i++)
                {
                    values[i] = values[i] == b[i] ? c[i] : 0;
                }

                break;
            default:
                for (int i = 0; i < count; i++)
                {
                    values[i] = values[i] < b[i] ? 1 : 0;
                }

                break;
        }

        Bound(step, values, count);
    }

    private static void Singles(CompiledStep compiled, in Row row, int from, int count, long* values)
    {
        Step step = compiled.Step;
        for (int i = 0; i < count; i++)
        {
            byte* a = row.A + ((from + i) * row.StrideA);
            byte* b = row.B + ((from + i) * row.StrideB);
            byte* c = row.C + ((from + i) * row.StrideC);
            long value = step.Kind switch
            {
                StepKind.Gather => StepValues.Gathered(Rows.One(a, compiled.A.Width), b, compiled.B.Width, step.Length),
                StepKind.Table => Rows.One(
                    b + (StepValues.Inside(Rows.One(a, compiled.A.Width), Rows.One(c, compiled.C.Width), step.Length) * compiled.B.Width),
                    compiled.B.Width),
                StepKind.Largest => StepValues.Largest(a, compiled.A.Width, step.Length),
                StepKind.Root => StepValues.Root(Rows.One(a, compiled.A.Width)),
                StepKind.Ratio => StepValues.Ratio(
                    step, Rows.One(a, compiled.A.Width), Rows.One(b, compiled.B.Width), Rows.One(c, compiled.C.Width)),
                StepKind.Trim => StepValues.Trimmed(step, a, compiled.A.Width, b, compiled.B.Width),
                StepKind.Zero => 0,
                _ => throw new InvalidOperationException($"No kernel of {step.Kind}."),
            };
            values[i] = Math.Clamp(value, step.Low, step.High);
        }
    }

    // ⌊first + second·2ᵗ⌉ₛ.
    private static long Added(Step step, long first, long second)
    {
        const long Most = 1L << 61;
        return step.ShiftLeft == 0 && first is > -Most and < Most && second is > -Most and < Most && step.ShiftRight < 61
            ? Math.Clamp(Rounded(first + second, step.ShiftRight), step.Low, step.High)
            : Wide(step, first, second);
    }

    private static long Wide(Step step, Int128 first, long second)
    {
        Int128 sum = first + ((Int128)second << step.ShiftLeft);
        if (step.ShiftRight > 0)
        {
            sum = (sum + ((Int128)1 << (step.ShiftRight - 1))) >> step.ShiftRight;
        }

        return (long)Int128.Clamp(sum, step.Low, step.High);
    }

    private static long Rounded(long value, int shift) => shift == 0 ? value : (value + (1L << (shift - 1))) >> shift;

    private static void Bound(Step step, long* values, int count)
    {
        int shift = step.ShiftRight;
        if (shift > 61)
        {
            for (int j = 0; j < count; j++)
            {
                values[j] = Wide(step, values[j], 0);
            }

            return;
        }

        Vector512<long> half = Vector512.Create(shift == 0 ? 0 : 1L << (shift - 1));
        Vector512<long> low = Vector512.Create(step.Low);
        Vector512<long> high = Vector512.Create(step.High);
        int i = 0;
        for (; i + 8 <= count; i += 8)
        {
            Vector512<long> rounded = Vector512.ShiftRightArithmetic(Vector512.Load(values + i) + half, shift);
            Vector512.Min(Vector512.Max(rounded, low), high).Store(values + i);
        }

        for (; i < count; i++)
        {
            values[i] = Math.Clamp(Rounded(values[i], shift), step.Low, step.High);
        }
    }
}
