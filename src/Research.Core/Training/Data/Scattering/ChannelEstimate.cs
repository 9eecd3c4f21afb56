using Research.Privacy.Accounting;
using Research.Privacy.Clipping;
using Research.Privacy.Mechanisms;
using Research.Privacy.Sums;
using Research.Tensors;

namespace Research.Training.Data.Scattering;

/// <summary>Estimates the mean and variance of every channel by two Gaussian releases.</summary>
/// <remarks>
/// Each example gives one vector of its channels' means and one of its channels' mean squares, both clipped; noise of
/// the stated multiple of the clip norm is added to each sum. Neighbours: add or remove one record, so an example
/// changes each sum by at most its clip norm: exactly, since each adds whole steps of a <see cref="SumGrid"/>. Differences from Tramèr and Boneh's code (Handcrafted-DP,
/// dp_utils.scatter_normalization): (1) clip norms are constants, where theirs are medians of the private norms; (2)
/// channels are first divided by a constant for their order, since the second order is a hundred times weaker than
/// the image and would drown in noise fit for the image; (3) the number of examples is released too, as one more
/// coordinate of the first vector, since adding a record changes it. The constants suit pixels in [0, 1]; with others
/// the statistics become less accurate, not less private. NaN or infinity makes an example count as zeros.
/// </remarks>
internal static class ChannelEstimate
{
    // The vector (means clipped to 12, 5) has norm at most 13 exactly.
    private const double MeanClipNorm = 12;
    private const float CountUnit = 5;
    private const double FirstSensitivity = 13;
    private const double SquareClipNorm = 48;
    private const int LargestBound = 1 << 26; // Grid steps in a clip norm:
    private const int MostExamples = 1 << 27; // the sums stay below 2⁵³.
    private const int ExamplesAtOnce = 64;    // Sums are taken in runs of so many, whatever the threads.

    /// <summary>Estimates.</summary>
    /// <param name="features">[N, K, size] row-major, not normalised.</param>
    /// <param name="plan">Checked; its normalisation is by the data.</param>
    /// <param name="size">Values of a channel.</param>
    /// <param name="random">Where the noise comes from.</param>
    /// <param name="threads">Never changes a bit.</param>
    public static unsafe ChannelStatistics Of(
        ReadOnlySpan<float> features, ScatteringFeatures plan, int size, RandomSource random, int threads)
    {
        DataNormalization normalization = (DataNormalization)plan.Normalization!;
        double noise = normalization.NoiseMultiplier;
        int channels = plan.Channels;
        int row = channels * size;
        int count = features.Length / row;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostExamples, nameof(features));
        int runs = (count + ExamplesAtOnce - 1) / ExamplesAtOnce;
        float[] scales = OrderScales(plan);
        SumGrid means = new(noise, FirstSensitivity, LargestBound);
        SumGrid squares = new(noise, SquareClipNorm, LargestBound);
        long[][] sums = new long[runs][];
        fixed (float* first = features)
        {
            float* rows = first;
            using WorkerTeam team = new(Math.Clamp(threads, 1, Math.Max(1, runs)));
            team.Run(part =>
            {
                (int start, int end) = Workers.Slice(runs, part, team.Count);
                for (int run = start; run < end; run++)
                {
                    int from = run * ExamplesAtOnce;
                    int examples = Math.Min(ExamplesAtOnce, count - from);
                    sums[run] = Sum(rows + ((nint)from * row), examples, size, scales, means, squares);
                }
            });
        }

        long[] whole = Total(sums, channels);
        float[] total = new float[whole.Length];
        GaussianNoise gaussian = new(random);
        gaussian.AddPart(whole.AsSpan(0, channels + 1), total.AsSpan(0, channels + 1), 0, means);
        gaussian.Advance(channels + 1);
        gaussian.AddPart(whole.AsSpan(channels + 1), total.AsSpan(channels + 1), 0, squares);
        gaussian.Advance(channels);
        return Read(total, scales, normalization.Privacy, random.IsCryptographic);
    }

    /// <summary>Gets what each channel is divided by, [K].</summary>
    internal static float[] OrderScales(ScatteringFeatures plan)
    {
        float[] scales = new float[plan.Channels];
        Array.Fill(scales, 1f / 256);
        scales.AsSpan(0, 1 + (plan.Scales * plan.Angles)).Fill(1f / 32);
        scales[0] = 1f / 2;
        return scales;
    }

    // [means K, count, squares K]
    private static unsafe long[] Sum(
        float* x, int examples, int size, float[] scales, SumGrid meanGrid, SumGrid squareGrid)
    {
        int channels = scales.Length;
        long[] sums = new long[(2 * channels) + 1];
        float[] means = new float[channels];
        float[] squares = new float[channels];
        for (int example = 0; example < examples; example++)
        {
            for (int c = 0; c < channels; c++, x += size)
            {
                double mean = 0;
                double square = 0;
                for (int i = 0; i < size; i++)
                {
                    mean += x[i];
                    square += (double)x[i] * x[i];
                }

                means[c] = (float)(mean / (size * (double)scales[c]));
                squares[c] = (float)(square / (size * (double)scales[c] * scales[c]));
            }

            L2Clipping.Apply(means, MeanClipNorm);
            L2Clipping.Apply(squares, SquareClipNorm);
            for (int c = 0; c < channels; c++)
            {
                sums[c] += (long)(means[c] * meanGrid.StepsPerUnit); // Toward zero: no norm grows.
                sums[channels + 1 + c] += (long)(squares[c] * squareGrid.StepsPerUnit);
            }

            sums[channels] += (long)(CountUnit * meanGrid.StepsPerUnit);
        }

        return sums;
    }

    private static long[] Total(long[][] sums, int channels)
    {
        long[] total = new long[(2 * channels) + 1];
        foreach (long[] sum in sums)
        {
            for (int i = 0; i < total.Length; i++)
            {
                total[i] += sum[i];
            }
        }

        return total;
    }

    private static ChannelStatistics Read(float[] total, float[] scales, GaussianEvent privacy, bool isCryptographic)
    {
        int channels = scales.Length;
        double count = Math.Max(1, total[channels] / (double)CountUnit);
        float[] mean = new float[channels];
        float[] variance = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            double exact = total[c] * scales[c] / count;
            double square = total[channels + 1 + c] * (double)scales[c] * scales[c] / count;
            mean[c] = (float)exact;
            variance[c] = (float)Math.Max(0, square - (exact * exact));
        }

        return new ChannelStatistics(mean, variance, privacy, isCryptographic);
    }
}
