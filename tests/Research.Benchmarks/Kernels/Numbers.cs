using Research.Tensors;
using Research.Training;

namespace Research.Benchmarks.Kernels;

/// <summary>Inputs of kernels: seeded numbers uniform in (−1, 1).</summary>
internal static class Numbers
{
    public static float[] Array(int length, ulong seed = 1)
    {
        float[] values = new float[length];
        new SeededGenerator(seed).FillUniform(values, 1);
        return values;
    }

    public static AlignedBuffer<float> Buffer(int length, ulong seed = 1)
    {
        AlignedBuffer<float> buffer = new(length);
        new SeededGenerator(seed).FillUniform(buffer.Span, 1);
        return buffer;
    }

    public static int[] Labels(int length, int classes)
    {
        SeededGenerator generator = new(1);
        int[] labels = new int[length];
        foreach (ref int label in labels.AsSpan())
        {
            label = generator.NextBelow(classes);
        }

        return labels;
    }
}
