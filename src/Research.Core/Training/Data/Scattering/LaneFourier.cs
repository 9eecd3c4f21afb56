using Research.Tensors;

namespace Research.Training.Data.Scattering;

/// <summary>The discrete Fourier transform of a line of complex numbers, for sixteen images at once.</summary>
/// <remarks>
/// Stockham's self-sorting mixed radix algorithm (Van Loan 1992, Computational Frameworks for the Fast Fourier
/// Transform, section 1.7): radix 4, 3 and 2, any other prime by its definition. Forward is exp(−2πi·jk/n), the inverse
/// is forward with real and imaginary parts exchanged; neither is scaled. Not safe for concurrent use.
/// </remarks>
internal sealed unsafe class LaneFourier
{
    private readonly LaneFourierStage[] _stages;
    private readonly AlignedBuffer<float> _scratch;
    private readonly int _length;

    /// <param name="length">n, two or more prime factors.</param>
    public LaneFourier(int length)
    {
        _length = length;
        List<LaneFourierStage> stages = [];
        int done = 1;
        foreach (int radix in Factors(length))
        {
            stages.Add(new LaneFourierStage(radix, done, length / done / radix));
            done *= radix;
        }

        _stages = [.. stages];
        _scratch = new AlignedBuffer<float>(2L * length * LaneComplex.Floats);
    }

    /// <summary>Transforms one line.</summary>
    /// <param name="source">n complex numbers, <paramref name="sourceStride"/> floats apart.</param>
    /// <param name="sourceStride">Floats from one number to the next.</param>
    /// <param name="target">Receives n complex numbers; may be the source.</param>
    /// <param name="targetStride">Floats from one number to the next.</param>
    /// <param name="inverse">Whether to transform back.</param>
    public void Transform(float* source, nint sourceStride, float* target, nint targetStride, bool inverse)
    {
        nint swap = inverse ? LaneComplex.Lanes : 0;
        fixed (float* scratch = _scratch)
        {
            float* next = scratch;
            float* other = scratch + ((nint)_length * LaneComplex.Floats);
            float* from = source;
            nint fromStride = sourceStride;
            for (int i = 0; i < _stages.Length - 1; i++)
            {
                _stages[i].Run(from, fromStride, next, LaneComplex.Floats, swap);
                from = next;
                fromStride = LaneComplex.Floats;
                next = other;
                other = from;
            }

            _stages[^1].Run(from, fromStride, target, targetStride, swap);
        }
    }

    private static IEnumerable<int> Factors(int length)
    {
        foreach (int radix in (int[])[4, 3, 2])
        {
            for (; length % radix == 0; length /= radix)
            {
                yield return radix;
            }
        }

        for (int prime = 5; length > 1; prime += 2)
        {
            for (; length % prime == 0; length /= prime)
            {
                yield return prime;
            }
        }
    }
}
