using System.Numerics;

namespace Research.Federation.Program.Machine;

/// <summary>Values that are computed one by one.</summary>
internal static unsafe class StepValues
{
    /// <summary>Gets the element that an index names; 0 where there is none.</summary>
    public static long Gathered(long index, byte* b, int width, int length) =>
        index >= 0 && index < length ? Rows.One(b + (index * width), width) : 0;

    /// <summary>Gets the nearest index that a table has.</summary>
    public static long Inside(long a, long offset, int length) =>
        (long)Int128.Clamp((Int128)a + offset, 0, length - 1);

    /// <summary>Gets the index of the first largest of a run.</summary>
    public static long Largest(byte* a, int width, int length)
    {
        int largest = 0;
        for (int i = 1; i < length; i++)
        {
            largest = Rows.One(a + (i * width), width) > Rows.One(a + (largest * width), width) ? i : largest;
        }

        return largest;
    }

    /// <summary>Computes the square root, rounded down; 0 of what is negative.</summary>
    public static long Root(long value)
    {
        if (value <= 0)
        {
            return 0;
        }

        long root = (long)Math.Sqrt(value);
        while (root > 3037000499 || root * root > value)
        {
            root--;
        }

        while (root < 3037000499 && (root + 1) * (root + 1) <= value)
        {
            root++;
        }

        return root;
    }

    /// <summary>Divides, rounded down or to nearest, in as many bits as it takes.</summary>
    public static long Ratio(Step step, long a, long b, long c)
    {
        if (b <= 0)
        {
            return 0;
        }

        long half = step.Length == 1 ? b >> 1 : 0;
        if (64 - BitOperations.LeadingZeroCount((ulong)(a ^ (a >> 63))) + 64
            - BitOperations.LeadingZeroCount((ulong)(c ^ (c >> 63))) + step.ShiftLeft > 120)
        {
            BigInteger large = ((BigInteger)a * c << step.ShiftLeft) + half;
            BigInteger floor = BigInteger.DivRem(large, b, out BigInteger rest) - (rest.Sign < 0 ? 1 : 0);
            return (long)BigInteger.Clamp(floor, step.Low, step.High);
        }

        Int128 top = ((Int128)a * c << step.ShiftLeft) + half;
        if (top >= long.MinValue && top <= long.MaxValue)
        {
            long small = (long)top;
            long quotient = small / b;
            return quotient - (small % b < 0 ? 1 : 0);
        }

        (Int128 whole, Int128 left) = Int128.DivRem(top, b);
        return (long)Int128.Clamp(whole - (left < 0 ? 1 : 0), step.Low, step.High);
    }

    /// <summary>Gets the mean of what is left of a run without its extremes.</summary>
    public static long Trimmed(Step step, byte* a, int widthA, byte* b, int widthB)
    {
        Span<long> values = stackalloc long[step.Length];
        int count = 0;
        for (int i = 0; i < step.Length; i++)
        {
            if (Rows.One(b + (i * widthB), widthB) > 0)
            {
                values[count++] = Rows.One(a + (i * widthA), widthA);
            }
        }

        if (count == 0)
        {
            return 0;
        }

        values = values[..count];
        values.Sort();
        int trim = Math.Min(step.ShiftLeft, (count - 1) / 2);
        Int128 sum = 0;
        foreach (long value in values[trim..^trim])
        {
            sum += value;
        }

        long kept = count - (2 * trim);
        (Int128 mean, Int128 rest) = Int128.DivRem(sum + (kept >> 1), kept);
        return (long)Int128.Clamp(mean - (rest < 0 ? 1 : 0), step.Low, step.High);
    }
}
