namespace Research.Training;

/// <summary>
/// A seeded stream of numbers for first weights and shuffles; the same bits everywhere. Never for privacy noise.
/// </summary>
/// <remarks>
/// SplitMix64: Steele, Lea and Flood 2014, OOPSLA, Fig. 17; first outputs for seed 1234567 are held by a test.
/// </remarks>
internal sealed class SeededGenerator(ulong seed)
{
    private ulong _state = seed;

    public ulong NextBits()
    {
        _state += 0x9E37_79B9_7F4A_7C15;
        return Mix(_state);
    }

    /// <summary>Gets 64 well-mixed bits from a counter: SplitMix64's output function.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    /// <summary>Fills with numbers uniform in (−bound, bound), on a grid of 2^24 points.</summary>
    public void FillUniform(Span<float> values, float bound)
    {
        for (int i = 0; i < values.Length; i++)
        {
            float centred = ((float)(NextBits() >> 40) - 8388607.5f) / 8388608f;
            values[i] = centred * bound;
        }
    }

    /// <summary>Gets a whole number in [0, <paramref name="limit"/>), each equally likely.</summary>
    public int NextBelow(int limit)
    {
        // Lemire 2019, ACM TOMACS 29(1), Algorithm 5.
        uint bound = (uint)limit;
        ulong product = (NextBits() >> 32) * bound;
        uint low = (uint)product;
        if (low < bound)
        {
            uint threshold = (0u - bound) % bound;
            while (low < threshold)
            {
                product = (NextBits() >> 32) * bound;
                low = (uint)product;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    public void Shuffle(Span<int> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = NextBelow(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }
}
