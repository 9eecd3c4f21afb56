using System.Runtime.Intrinsics;
using Research.Tensors;

namespace Research.Training.Data.Scattering;

/// <summary>Computes the scattering transform of sixteen images side by side; one for each thread.</summary>
/// <remarks>
/// U₁ = |x ⋆ ψ₁|, U₂ = |U₁ ⋆ ψ₂|, S = x ⋆ φ, U₁ ⋆ φ, U₂ ⋆ φ, at the resolutions and in the order of Kymatio 0.3.0
/// (scattering2d/core/scattering2d.py). Every image is one chain of scalar operations in a fixed order, so its bits
/// depend neither on its neighbours nor on the width of the processor's vectors.
/// </remarks>
internal sealed unsafe class ScatteringBlock
{
    private const int Lanes = LaneComplex.Lanes;

    private readonly ScatteringFilters _filters;
    private readonly ScatteringPlane[] _planes;
    private readonly int[] _rows;
    private readonly int[] _columns;
    private readonly AlignedBuffer<float> _real;
    private readonly AlignedBuffer<float> _imageSpectrum;
    private readonly AlignedBuffer<float> _firstSpectrum;
    private readonly AlignedBuffer<float> _product;
    private readonly AlignedBuffer<float> _scratch;
    private readonly nint _channelSize;

    public ScatteringBlock(ScatteringFilters filters)
    {
        _filters = filters;
        int height = filters.Height;
        int width = filters.Width;
        int margin = 1 << filters.Scales;
        _rows = ScatteringFilters.Reflected(filters.ImageHeight, margin);
        _columns = ScatteringFilters.Reflected(filters.ImageWidth, margin);
        _planes = new ScatteringPlane[filters.Scales];
        long scratch = 0;
        for (int level = 0; level < _planes.Length; level++)
        {
            _planes[level] = new ScatteringPlane(height >> level, width >> level);
            scratch = Math.Max(scratch, filters.LowPasses[level].ScratchLength);
        }

        long half = (long)height * ((width / 2) + 1) * LaneComplex.Floats;
        _real = new AlignedBuffer<float>((long)height * width * Lanes);
        _imageSpectrum = new AlignedBuffer<float>(half);
        _firstSpectrum = new AlignedBuffer<float>(half);
        _product = new AlignedBuffer<float>((long)height * width * LaneComplex.Floats);
        _scratch = new AlignedBuffer<float>(scratch);
        _channelSize = (nint)(filters.ImageHeight >> filters.Scales) * (filters.ImageWidth >> filters.Scales) * Lanes;
    }

    /// <summary>Transforms sixteen images.</summary>
    /// <param name="images">[H·W][16].</param>
    /// <param name="features">Receives [K·h·w][16].</param>
    public void Transform(float* images, float* features)
    {
        fixed (float* real = _real, imageSpectrum = _imageSpectrum, firstSpectrum = _firstSpectrum, scratch = _scratch)
        {
            Pad(images, real);
            _filters.LowPasses[0].Apply(real, scratch, features);
            _planes[0].Forward(real, imageSpectrum);
            float* first = features + _channelSize;
            float* second = first + (_filters.Scales * _filters.Angles * _channelSize);
            for (int scale = 0; scale < _filters.Scales; scale++)
            {
                for (int angle = 0; angle < _filters.Angles; angle++)
                {
                    Convolve(imageSpectrum, 0, scale, angle, first);
                    first += _channelSize;
                    if (scale < _filters.Scales - 1)
                    {
                        _planes[scale].Forward(real, firstSpectrum);
                        second = SecondOrder(firstSpectrum, scale, second);
                    }
                }
            }
        }
    }

    private float* SecondOrder(float* firstSpectrum, int level, float* second)
    {
        for (int scale = level + 1; scale < _filters.Scales; scale++)
        {
            for (int angle = 0; angle < _filters.Angles; angle++)
            {
                Convolve(firstSpectrum, level, scale, angle, second);
                second += _channelSize;
            }
        }

        return second;
    }

    // |· ⋆ ψ| stays in _real, its average goes to the channel.
    private void Convolve(float* spectrum, int level, int scale, int angle, float* channel)
    {
        ReadOnlySpan<float> wavelet = _filters.Wavelet(scale, angle, level);
        fixed (float* product = _product, real = _real, scratch = _scratch)
        {
            _planes[level].MultiplyAndFold(spectrum, wavelet, 1 << (scale - level), product);
            _planes[scale].InverseModulus(product, real);
            _filters.LowPasses[scale].Apply(real, scratch, channel);
        }
    }

    private void Pad(float* images, float* to)
    {
        foreach (int row in _rows)
        {
            foreach (int column in _columns)
            {
                Vector512.Load(images + ((nint)((row * _filters.ImageWidth) + column) * Lanes)).Store(to);
                to += Lanes;
            }
        }
    }
}
