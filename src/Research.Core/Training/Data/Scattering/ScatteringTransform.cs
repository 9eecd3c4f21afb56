using Research.Privacy.Mechanisms;
using Research.Tensors;
using Research.Training.Specification;

namespace Research.Training.Data.Scattering;

/// <summary>Turns images into their wavelet scattering coefficients.</summary>
/// <remarks>
/// As Kymatio 0.3.0's <c>Scattering2D</c>, up to rounding, with the same order of channels. The same images give the
/// same bits on any processor and with any number of threads. Safe for concurrent use. See
/// <see cref="ScatteringFeatures"/>.
/// </remarks>
public sealed unsafe class ScatteringTransform
{
    private readonly ScatteringFilters _filters;
    private readonly int[] _inputShape;
    private readonly int[] _outputShape;

    private ScatteringTransform(ScatteringFeatures features, IReadOnlyList<int> shape)
    {
        Features = features;
        _outputShape = features.OutputShape(shape);
        _inputShape = [.. shape];
        _filters = new ScatteringFilters(features, shape[1], shape[2]);
    }

    /// <summary>Gets what the transform was made from.</summary>
    public ScatteringFeatures Features { get; }

    /// <summary>Gets the shape of an image, [1, H, W].</summary>
    public IReadOnlyList<int> InputShape => _inputShape;

    /// <summary>Gets the shape of an image's features, [K, H/2ᴶ, W/2ᴶ].</summary>
    public IReadOnlyList<int> OutputShape => _outputShape;

    internal int InputSize => _inputShape[1] * _inputShape[2];

    internal int OutputSize => _outputShape[0] * ChannelSize;

    internal int ChannelSize => _outputShape[1] * _outputShape[2];

    /// <summary>Prepares a transform; worth keeping, since the filters take some milliseconds.</summary>
    /// <param name="features">What to compute.</param>
    /// <param name="shape">Shape of the images, [1, H, W].</param>
    /// <exception cref="SpecException">A field is out of range, or such images cannot be transformed.</exception>
    public static ScatteringTransform For(ScatteringFeatures features, IReadOnlyList<int> shape)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(shape);
        return new ScatteringTransform(features, shape);
    }

    /// <summary>Transforms and normalises a training set.</summary>
    /// <param name="images">The images.</param>
    /// <param name="statistics">Receives what the examples were normalised by, for <see cref="Apply"/> on others and to
    /// be charged; null unless the features ask for <see cref="DataNormalization"/>.</param>
    /// <param name="random">Where the statistics' noise comes from; null is the operating system.</param>
    /// <param name="threads">Threads to use, at least 1; never changes a bit.</param>
    /// <param name="progress">Receives the part done, up to 1.</param>
    /// <param name="cancellationToken">Stops between two blocks of images.</param>
    /// <exception cref="SpecException">The images have another shape.</exception>
    /// <exception cref="ArgumentException">There are too many numbers for one array.</exception>
    /// <exception cref="OperationCanceledException">The transform was stopped.</exception>
    public Dataset Fit(
        Dataset images,
        out ChannelStatistics? statistics,
        RandomSource? random = null,
        int threads = 1,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        float[] features = Transform(images, threads, progress, cancellationToken);
        statistics = Features.Normalization is DataNormalization
            ? ChannelEstimate.Of(features, Features, ChannelSize, random ?? new CryptographicRandom(), threads)
            : null;
        statistics?.Apply(features, ChannelSize);
        return images.Derived(features, OutputShape);
    }

    /// <summary>Transforms and normalises a data set as a training set was.</summary>
    /// <param name="images">The images.</param>
    /// <param name="statistics">From <see cref="Fit"/>; null unless the features ask for
    /// <see cref="DataNormalization"/>.</param>
    /// <param name="threads">Threads to use, at least 1; never changes a bit.</param>
    /// <param name="progress">Receives the part done, up to 1.</param>
    /// <param name="cancellationToken">Stops between two blocks of images.</param>
    /// <exception cref="SpecException">The images have another shape.</exception>
    /// <exception cref="ArgumentException">Statistics are missing, needless or of other features, or there are too many
    /// numbers for one array.</exception>
    /// <exception cref="OperationCanceledException">The transform was stopped.</exception>
    public Dataset Apply(
        Dataset images,
        ChannelStatistics? statistics = null,
        int threads = 1,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ChannelStatistics.Check(statistics, Features);
        float[] features = Transform(images, threads, progress, cancellationToken);
        statistics?.Apply(features, ChannelSize);
        return images.Derived(features, OutputShape);
    }

    /// <summary>Transforms images into a caller's buffer, normalised by groups if the features ask for it.</summary>
    /// <param name="images">[N, H·W] row-major.</param>
    /// <param name="features">Receives [N, K·h·w] row-major.</param>
    /// <param name="threads">Threads to use, at least 1; never changes a bit.</param>
    /// <param name="progress">Receives the part done, up to 1.</param>
    /// <param name="cancellationToken">Stops between two blocks of images.</param>
    internal void Transform(
        ReadOnlySpan<float> images,
        Span<float> features,
        int threads,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        int count = images.Length / InputSize;
        if (images.Length != (long)count * InputSize || features.Length != (long)count * OutputSize)
        {
            throw new ArgumentException(
                $"Expected [N, {InputSize}] pixels and [N, {OutputSize}] features; "
                + $"got {images.Length} and {features.Length} numbers.",
                nameof(features));
        }

        fixed (float* firstImage = images, firstFeature = features)
        {
            ScatteringRun run = new(this, firstImage, firstFeature, count, progress, cancellationToken);
            using WorkerTeam team = new(Math.Max(1, Math.Min(threads, run.Blocks)));
            team.Run(run.Work);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private float[] Transform(
        Dataset images, int threads, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (!Shapes.Same(images.Shape, _inputShape))
        {
            throw new SpecException(
                "$.model.input", $"images of shape {Shapes.Text(_inputShape)}", Shapes.Text(images.Shape));
        }

        long length = (long)images.Count * OutputSize;
        if (length > Array.MaxLength)
        {
            throw new ArgumentException(
                $"Expected at most {Array.MaxLength / OutputSize} images at once; got {images.Count}.", nameof(images));
        }

        float[] features = new float[length];
        Transform(images.Inputs.Span, features, threads, progress, cancellationToken);
        return features;
    }

    /// <summary>Starts what transforms blocks of sixteen on one thread.</summary>
    internal ScatteringBlock StartBlock() => new(_filters);

    /// <summary>Normalises a block's features, [K·h·w][16], if the features ask for groups.</summary>
    internal void NormalizeGroups(float* block)
    {
        if (Features.Normalization is GroupNormalization group)
        {
            LaneGroupNormalization.Apply(block, _outputShape[0], ChannelSize, group.Groups);
        }
    }
}
