using Research.Tensors;

namespace Research.Training.Data.Scattering;

/// <summary>One call's blocks, which its threads take one after the other; each is computed by itself.</summary>
internal sealed unsafe class ScatteringRun(
    ScatteringTransform transform,
    float* images,
    float* features,
    int count,
    IProgress<double>? progress,
    CancellationToken cancellationToken)
{
    private const int Lanes = LaneComplex.Lanes;

    private readonly Lock _reporting = new();
    private int _taken;
    private int _done;

    public int Blocks => (int)(((long)count + Lanes - 1) / Lanes);

    public void Work(int thread)
    {
        ScatteringBlock block = transform.StartBlock();
        fixed (float* input = new AlignedBuffer<float>((long)transform.InputSize * Lanes))
        fixed (float* output = new AlignedBuffer<float>((long)transform.OutputSize * Lanes))
        {
            while (!cancellationToken.IsCancellationRequested && Interlocked.Increment(ref _taken) is int i && i <= Blocks)
            {
                int first = (i - 1) * Lanes;
                int lanes = Math.Min(Lanes, count - first);
                Gather(images + ((nint)first * transform.InputSize), transform.InputSize, lanes, input);
                block.Transform(input, output);
                transform.NormalizeGroups(output);
                Scatter(output, features + ((nint)first * transform.OutputSize), transform.OutputSize, lanes);
                Report();
            }
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
