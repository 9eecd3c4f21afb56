using Research.Privacy.Accounting;

namespace Research.Training.Data.Scattering;

/// <summary>Noisy mean and variance of every channel over a training set: public, once their cost is charged.</summary>
/// <remarks>
/// Tramèr and Boneh 2021, arXiv:2011.11660v3, section 2.2 (data normalisation), with three changes that keep the
/// claim: see <see cref="ChannelEstimate"/>. Values become (x − mean)/√(variance + 1e-5), and 0 where the noisy
/// variance is not positive.
/// </remarks>
public sealed class ChannelStatistics
{
    private const double Epsilon = 1e-5; // Added inside the root, as in the authors' code.

    private readonly float[] _mean;
    private readonly float[] _variance;

    /// <summary>Takes over statistics that were released before.</summary>
    /// <param name="mean">Means, [K], finite.</param>
    /// <param name="variance">Variances, [K], finite, 0 or more.</param>
    /// <param name="privacy">What their release cost.</param>
    /// <param name="isNoiseCryptographic">Whether their noise was unpredictable.</param>
    internal ChannelStatistics(
        ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, GaussianEvent privacy, bool isNoiseCryptographic)
    {
        if (mean.Length != variance.Length)
        {
            throw new ArgumentException(
                $"Expected as many variances as the {mean.Length} means; got {variance.Length}.", nameof(variance));
        }

        for (int i = 0; i < mean.Length; i++)
        {
            if (!float.IsFinite(mean[i]) || !float.IsFinite(variance[i]) || variance[i] < 0)
            {
                throw new ArgumentException(
                    "Expected finite means and variances of 0 or more; "
                    + $"got {mean[i]} and {variance[i]} at channel {i}.",
                    nameof(variance));
            }
        }

        _mean = mean.ToArray();
        _variance = variance.ToArray();
        Privacy = privacy;
        IsNoiseCryptographic = isNoiseCryptographic;
    }

    /// <summary>Gets the mean of each channel, [K].</summary>
    public ReadOnlyMemory<float> Mean => _mean;

    /// <summary>Gets the variance of each channel, [K], 0 or more.</summary>
    public ReadOnlyMemory<float> Variance => _variance;

    /// <summary>Gets what the release costs; whoever uses the statistics charges it together with training.</summary>
    public GaussianEvent Privacy { get; }

    /// <summary>Gets whether the noise was unpredictable: without it <see cref="Privacy"/> means nothing.</summary>
    public bool IsNoiseCryptographic { get; }

    /// <summary>Throws unless the statistics are there exactly when the features ask for them, and fit.</summary>
    internal static void Check(ChannelStatistics? statistics, ScatteringFeatures features)
    {
        bool wanted = features.Normalization is DataNormalization;
        if (wanted != statistics is not null)
        {
            throw new ArgumentException(
                wanted
                    ? "Expected the training set's statistics, since the features are normalised by the data; got null."
                    : "Expected no statistics, since the features are not normalised by the data.",
                nameof(statistics));
        }

        if (statistics is not null && statistics._mean.Length != features.Channels)
        {
            throw new ArgumentException(
                $"Expected statistics of {features.Channels} channels; got {statistics._mean.Length}.",
                nameof(statistics));
        }
    }

    /// <summary>Normalises examples in place.</summary>
    /// <param name="features">[N, K, size] row-major.</param>
    /// <param name="size">Values of a channel.</param>
    internal void Apply(Span<float> features, int size)
    {
        int channels = _mean.Length;
        if (features.Length % (channels * size) != 0)
        {
            throw new ArgumentException(
                $"Expected [N, {channels}, {size}] features; got {features.Length} numbers.", nameof(features));
        }

        float[] factor = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            factor[c] = _variance[c] > 0 ? (float)(1 / Math.Sqrt(_variance[c] + Epsilon)) : 0;
        }

        for (int start = 0, c = 0; start < features.Length; start += size, c = c + 1 == channels ? 0 : c + 1)
        {
            Span<float> channel = features.Slice(start, size);
            for (int i = 0; i < channel.Length; i++)
            {
                channel[i] = (channel[i] - _mean[c]) * factor[c];
            }
        }
    }
}
