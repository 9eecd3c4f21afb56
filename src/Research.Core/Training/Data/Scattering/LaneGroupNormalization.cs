using System.Runtime.Intrinsics;

namespace Research.Training.Data.Scattering;

/// <summary>Group normalisation without weights of sixteen examples side by side.</summary>
internal static unsafe class LaneGroupNormalization
{
    private const float Epsilon = 1e-5f; // Added inside the root; torch's default.
    private const int Lanes = LaneComplex.Lanes;

    /// <summary>Normalises in place.</summary>
    /// <param name="features">[channels, size][16].</param>
    /// <param name="channels">K.</param>
    /// <param name="size">Values of a channel.</param>
    /// <param name="groups">A divisor of K.</param>
    public static void Apply(float* features, int channels, int size, int groups)
    {
        int rows = channels / groups;
        for (int group = 0; group < groups; group++)
        {
            ApplyToGroup(features + ((nint)group * rows * size * Lanes), rows, size);
        }
    }

    private static void ApplyToGroup(float* x, int rows, int size)
    {
        nint count = (nint)rows * size;
        Vector512<float> perCount = Vector512.Create(1f / count);
        Vector512<float> mean = Sum(x, rows, size, Vector512<float>.Zero, isSquared: false) * perCount;
        Vector512<float> variance = Sum(x, rows, size, mean, isSquared: true) * perCount;
        Vector512<float> deviation = Vector512.Sqrt(variance + Vector512.Create(Epsilon));
        for (nint i = 0; i < count; i++)
        {
            ((Vector512.Load(x + (i * Lanes)) - mean) / deviation).Store(x + (i * Lanes));
        }
    }

    // Channel by channel, so that rounding grows with the length of a channel and not of a group.
    private static Vector512<float> Sum(float* x, int rows, int size, Vector512<float> mean, bool isSquared)
    {
        Vector512<float> total = Vector512<float>.Zero;
        for (int row = 0; row < rows; row++)
        {
            Vector512<float> sum = Vector512<float>.Zero;
            for (int i = 0; i < size; i++, x += Lanes)
            {
                Vector512<float> value = Vector512.Load(x) - mean;
                sum = isSquared ? Vector512.FusedMultiplyAdd(value, value, sum) : sum + value;
            }

            total += sum;
        }

        return total;
    }
}
