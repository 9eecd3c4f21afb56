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
    private const int Lanes = LaneComplex.Lanes;

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

    private int ChannelSize => _outputShape[1] * _outputShape[2];

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

    /// <summary>Transforms a data set, with group normalisation if the features ask for it.</summary>
    /// <param name="images">The images.</param>
    /// <param name="statistics">What <see cref="ChannelStatistics.Estimate"/> measured on the training set, if the
    /// features ask for normalisation by the data, or null for features that are not normalised yet.</param>
    /// <param name="threads">Threads to use, at least 1; never changes a bit.</param>
    /// <param name="progress">Receives the part done, up to 1.</param>
    /// <param name="cancellationToken">Stops between two blocks of images.</param>
    /// <exception cref="SpecException">The images have another shape.</exception>
    /// <exception cref="ArgumentException">There are statistics of other features, or too many numbers for one
    /// array.</exception>
    /// <exception cref="OperationCanceledException">The transform was stopped.</exception>
    public Dataset Apply(
        Dataset images,
        ChannelStatistics? statistics = null,
        int threads = 1,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
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

        ChannelStatistics.Check(Features, OutputShape);
        float[] features = new float[length];
        Apply(images.Inputs.Span, features, threads, progress, cancellationToken);
        ChannelStatistics.Apply(features, ChannelSize, threads);
        return new Dataset(features, images.Labels, OutputShape, images.Classes);
    }

    /// <summary>Transforms images into a caller's buffer, with group normalisation if the features ask for it.</summary>
    /// <param name="images">[N, H·W] row-major.</param>
    /// <param name="features">Receives [N, K·h·w] row-major.</param>
    /// <param name="threads">Threads to use, at least 1; never changes a bit.</param>
    /// <param name="progress">Receives the part done, up to 1.</param>
    /// <param name="cancellationToken">Stops between two blocks of images.</param>
    internal void Apply(
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
            Run run = new(this, firstImage, firstFeature, count, progress, cancellationToken);
            Workers.Run(Math.Max(1, Math.Min(threads, run.Blocks)), run.Work);
        }

        cancellationToken.ThrowIfCancellationRequested();
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

    /// <summary>One call's blocks, which its threads take one after the other; each is computed by itself.</summary>
    private sealed class Run(
        ScatteringTransform transform,
        float* images,
        float* features,
        int count,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        private readonly Lock _reporting = new();
        private int _taken;
        private int _done;

        public int Blocks => (int)(((long)count + Lanes - 1) / Lanes);

        public void Work(int thread)
        {
            ScatteringBlock block = transform.StartBlock();
            AlignedBuffer input = new((long)transform.InputSize * Lanes);
            AlignedBuffer output = new((long)transform.OutputSize * Lanes);
            while (!cancellationToken.IsCancellationRequested && Interlocked.Increment(ref _taken) is int i && i <= Blocks)
            {
                int first = (i - 1) * Lanes;
                int lanes = Math.Min(Lanes, count - first);
                Gather(images + ((nint)first * transform.InputSize), transform.InputSize, lanes, input.Pointer);
                block.Transform(input.Pointer, output.Pointer);
                transform.NormalizeGroups(output.Pointer);
                Scatter(output.Pointer, features + ((nint)first * transform.OutputSize), transform.OutputSize, lanes);
                Report();
            }
        }

        // Lanes without an image hold zeros; what they give is ignored.
        private static void Gather(float* rows, int size, int lanes, float* block)
        {
            new Span<float>(block, size * Lanes).Clear();
            for (int lane = 0; lane < lanes; lane++, rows += size)
            {
                for (nint i = 0; i < size; i++)
                {
                    block[(i * Lanes) + lane] = rows[i];
                }
            }
        }

        private static void Scatter(float* block, float* rows, int size, int lanes)
        {
            for (int lane = 0; lane < lanes; lane++, rows += size)
            {
                for (nint i = 0; i < size; i++)
                {
                    rows[i] = block[(i * Lanes) + lane];
                }
            }
        }

        private void Report()
        {
            if (progress is not null)
            {
                lock (_reporting)
                {
                    progress.Report((double)++_done / Blocks);
                }
            }
        }
    }
}
