namespace Research.Tests.Tensors;

/// <summary>Seeded inputs and bitwise comparison.</summary>
internal static class Numbers
{
    /// <summary>Numbers in (−1, 1) of many magnitudes.</summary>
    public static float[] Uniform(int count, int seed)
    {
        Random random = new(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = ((random.NextSingle() * 2) - 1) * MathF.ScaleB(1, random.Next(4) - 3);
        }

        return values;
    }

    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
            {
                Assert.Fail($"Element {i}: expected {expected[i]:R}, got {actual[i]:R}.");
            }
        }
    }

    /// <summary>
    /// How many floats lie between a value and the exact one, in units of the exact one's last place.
    /// </summary>
    public static double UlpError(double exact, float actual)
    {
        float nearest = (float)exact;
        double ulp = Math.Max((double)MathF.BitIncrement(MathF.Abs(nearest)) - MathF.Abs(nearest), float.Epsilon);
        return Math.Abs(exact - actual) / ulp;
    }
}
