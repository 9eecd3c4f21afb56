using Research.Tensors;

namespace Research.Tests.Tensors;

/// <summary>Puts numbers into one lane of a block, others into the rest, and takes them out again.</summary>
internal static class Blocks
{
    public static PinnedBuffer<float> Spread(ReadOnlySpan<float> values, int lane)
    {
        PinnedBuffer<float> block = new((long)values.Length * Lanes.Count);
        for (int i = 0; i < block.Length; i++)
        {
            block.Span[i] = i % Lanes.Count == lane ? values[i / Lanes.Count] : (i % 13) - 6;
        }

        return block;
    }

    /// <summary>Makes a block of numbers in every lane.</summary>
    public static PinnedBuffer<float> Uniform(long count, int seed) => Of(Numbers.Uniform((int)count * Lanes.Count, seed));

    /// <summary>Copies numbers into aligned memory.</summary>
    public static PinnedBuffer<float> Of(ReadOnlySpan<float> values)
    {
        PinnedBuffer<float> buffer = new(values.Length);
        values.CopyTo(buffer.Span);
        return buffer;
    }

    public static float[] Lane(PinnedBuffer<float> block, int lane) =>
        [.. Enumerable.Range(0, block.Length / Lanes.Count).Select(i => block.Span[(i * Lanes.Count) + lane])];
}
