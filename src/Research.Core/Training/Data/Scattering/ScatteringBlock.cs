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
    private readonly AlignedBuffer _real;
    private readonly AlignedBuffer _imageSpectrum;
    private readonly AlignedBuffer _firstSpectrum;
    private readonly AlignedBuffer _product;
    private readonly AlignedBuffer _scratch;
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
        _real = new AlignedBuffer((long)height * width * Lanes);
        _imageSpectrum = new AlignedBuffer(half);
        _firstSpectrum = new AlignedBuffer(half);
        _product = new AlignedBuffer((long)height * width * LaneComplex.Floats);
        _scratch = new AlignedBuffer(scratch);
        _channelSize = (nint)(filters.ImageHeight >> filters.Scales) * (filters.ImageWidth >> filters.Scales) * Lanes;
    }

    /// <summary>Transforms sixteen images.</summary>
    /// <param name="images">[H·W][16].</param>
    /// <param name="features">Receives [K·h·w][16].</param>
    public void Transform(float* images, float* features)
    {
        Pad(images);
        _filters.LowPasses[0].Apply(_real.Pointer, _scratch.Pointer, features);
        _planes[0].Forward(_real.Pointer, _imageSpectrum.Pointer);
        float* first = features + _channelSize;
        float* second = first + (_filters.Scales * _filters.Angles * _channelSize);
        for (int scale = 0; scale < _filters.Scales; scale++)
        {
            for (int angle = 0; angle < _filters.Angles; angle++)
            {
                Convolve(_imageSpectrum.Pointer, 0, scale, angle, first);
                first += _channelSize;
                if (scale < _filters.Scales - 1)
                {
                    _planes[scale].Forward(_real.Pointer, _firstSpectrum.Pointer);
                    second = SecondOrder(scale, second);
                }
            }
        }
    }

    private float* SecondOrder(int level, float* second)
    {
        for (int scale = level + 1; scale < _filters.Scales; scale++)
        {
            for (int angle = 0; angle < _filters.Angles; angle++)
            {
                Convolve(_firstSpectrum.Pointer, level, scale, angle, second);
                second += _channelSize;
            }
        }

        return second;
    }

    // |· ⋆ ψ| stays in _real, its average goes to the channel.
    private void Convolve(float* spectrum, int level, int scale, int angle, float* channel)
    {
        ReadOnlySpan<float> wavelet = _filters.Wavelet(scale, angle, level);
        _planes[level].MultiplyAndFold(spectrum, wavelet, 1 << (scale - level), _product.Pointer);
        _planes[scale].InverseModulus(_product.Pointer, _real.Pointer);
        _filters.LowPasses[scale].Apply(_real.Pointer, _scratch.Pointer, channel);
    }

    private void Pad(float* images)
    {
        float* to = _real.Pointer;
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
