using Research.Federation.Aggregation;
using Research.Federation.Program.Machine;

namespace Research.Federation.Program;

/// <summary>The directions in which earlier rounds moved the model, as their programs gave them.</summary>
/// <remarks>What <see cref="RewardPart.Unit"/> does in steps, done once more from the models alone.</remarks>
internal static class PastSteps
{
    private const int CoefficientFraction = 9;
    private const int InverseShift = 20;
    private const int Down = 8;
    private const int Up = 40;

    /// <summary>Gets the directions of all rounds but the last.</summary>
    /// <param name="models">The models that the rounds started from, the first to this round's.</param>
    /// <param name="lengthShift">k: their length is 2ᵏ.</param>
    public static IReadOnlyList<ReadOnlyMemory<short>> Of(IReadOnlyList<GlobalModel> models, int lengthShift)
    {
        List<short[]> past = [];
        for (int round = 1; round < models.Count; round++)
        {
            int[] moved = new int[models[round].Weights.Length];
            for (int i = 0; i < moved.Length; i++)
            {
                moved[i] = models[round].Weights[i] - models[round - 1].Weights[i];
            }

            past.Add(Unit(moved, past, lengthShift));
        }

        return [.. past.Select(one => (ReadOnlyMemory<short>)one)];
    }

    private static short[] Unit(int[] vector, List<short[]> past, int k)
    {
        Int128 energy = 0;
        foreach (int one in vector)
        {
            energy += (((long)one * one) + (1L << (Down - 1))) >> Down;
        }

        long length = StepValues.Root((long)Int128.Min(energy, long.MaxValue));
        long inverse = length > 0 ? (1L << Up) / length : 0;
        int down = Up + (Down / 2) - k;
        short[] unit = [.. vector.Select(one => Bounded((((Int128)one * inverse) + ((Int128)1 << (down - 1))) >> down))];
        return past.Count == 0 ? unit : Again(Beside(unit, past), k);
    }

    private static short[] Beside(short[] vector, List<short[]> past)
    {
        long[] parts = [.. past.Select(step => (long)Bounded(Part(Dot(vector, step), Dot(step, step))))];
        short[] beside = new short[vector.Length];
        for (int i = 0; i < beside.Length; i++)
        {
            long sum = (long)vector[i] << CoefficientFraction;
            for (int round = 0; round < parts.Length; round++)
            {
                sum += parts[round] * past[round][i];
            }

            beside[i] = Bounded((sum + (1L << (CoefficientFraction - 1))) >> CoefficientFraction);
        }

        return beside;
    }

    // −along/square with 9 binary places, to nearest.
    private static Int128 Part(long along, long square)
    {
        if (square <= 0)
        {
            return 0;
        }

        Int128 top = (-(Int128)along << CoefficientFraction) + (square >> 1);
        (Int128 quotient, Int128 rest) = Int128.DivRem(top, square);
        return quotient - (rest < 0 ? 1 : 0);
    }

    private static short[] Again(short[] vector, int k)
    {
        long length = StepValues.Root(Dot(vector, vector));
        long inverse = length > 0 ? Math.Min((1L << (k + InverseShift)) / length, int.MaxValue) : 0;
        return [.. vector.Select(one => Bounded(((one * inverse) + (1L << (InverseShift - 1))) >> InverseShift))];
    }

    private static long Dot(short[] a, short[] b)
    {
        long sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static short Bounded(Int128 value) => (short)Int128.Clamp(value, -short.MaxValue, short.MaxValue);
}
