using System.Runtime.Intrinsics;
using Research.Tensors;

namespace Research.Training.Data.Scattering;

/// <summary>Sixteen images at one resolution: Fourier transforms, products with filters, moduli.</summary>
/// <remarks>
/// H, W = size here. A real plane is [H, W][16]; a spectrum [H, W] complex; the spectrum of a real plane [H, W/2 + 1],
/// the rest being its mirror. Not safe for concurrent use.
/// </remarks>
internal sealed unsafe class ScatteringPlane
{
    private const int Real = LaneComplex.Lanes;
    private const int Complex = LaneComplex.Floats;

    private readonly LaneFourier _across;
    private readonly LaneFourier _down;
    private readonly AlignedBuffer<float> _line;

    public ScatteringPlane(int height, int width)
    {
        Height = height;
        Width = width;
        _across = new LaneFourier(width);
        _down = new LaneFourier(height);
        _line = new AlignedBuffer<float>((long)width * Complex);
    }

    /// <summary>Gets H, even.</summary>
    public int Height { get; }

    /// <summary>Gets W, even.</summary>
    public int Width { get; }

    private int HalfWidth => (Width / 2) + 1;

    /// <summary>Transforms a real plane.</summary>
    /// <param name="real">[H, W][16].</param>
    /// <param name="half">Receives twice the spectrum, [H, W/2 + 1] complex.</param>
    public void Forward(float* real, float* half)
    {
        nint halfRow = (nint)HalfWidth * Complex;
        fixed (float* line = _line)
        {
            for (int r = 0; r < Height; r += 2)
            {
                ForwardRows(real + ((nint)r * Width * Real), line, half + (r * halfRow), half + ((r + 1) * halfRow));
            }
        }

        for (int c = 0; c < HalfWidth; c++)
        {
            float* column = half + ((nint)c * Complex);
            _down.Transform(column, halfRow, column, halfRow, inverse: false);
        }
    }

    /// <summary>Multiplies a spectrum by a filter and folds it to a coarser resolution.</summary>
    /// <param name="half">Spectrum of a real plane of this size.</param>
    /// <param name="filter">[H/k, W/k][k, k]: what each part that is folded onto an element is multiplied by.</param>
    /// <param name="fold">k, a power of two.</param>
    /// <param name="spectrum">Receives [H/k, W/k] complex.</param>
    public void MultiplyAndFold(float* half, ReadOnlySpan<float> filter, int fold, float* spectrum)
    {
        int rows = Height / fold;
        int columns = Width / fold;
        int next = 0;
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                Vector512<float> re = Vector512<float>.Zero;
                Vector512<float> im = Vector512<float>.Zero;
                for (int row = r; row < Height; row += rows)
                {
                    for (int column = c; column < Width; column += columns)
                    {
                        Vector512<float> f = Vector512.Create(filter[next++]);
                        bool mirrored = column >= HalfWidth;
                        float* x = half + (Complex * (nint)(mirrored
                            ? (row == 0 ? 0 : (Height - row) * HalfWidth) + Width - column
                            : (row * HalfWidth) + column));
                        re = Vector512.FusedMultiplyAdd(f, Vector512.Load(x), re);
                        im = Vector512.FusedMultiplyAdd(mirrored ? -f : f, Vector512.Load(x + Real), im);
                    }
                }

                re.Store(spectrum);
                im.Store(spectrum + Real);
                spectrum += Complex;
            }
        }
    }

    /// <summary>Transforms a spectrum back and takes the modulus.</summary>
    /// <param name="spectrum">[H, W] complex; overwritten.</param>
    /// <param name="real">Receives the modulus, [H, W][16].</param>
    public void InverseModulus(float* spectrum, float* real)
    {
        nint row = (nint)Width * Complex;
        for (int c = 0; c < Width; c++)
        {
            float* column = spectrum + ((nint)c * Complex);
            _down.Transform(column, row, column, row, inverse: true);
        }

        fixed (float* line = _line)
        {
            for (int r = 0; r < Height; r++)
            {
                _across.Transform(spectrum + (r * row), Complex, line, Complex, inverse: true);
                for (int c = 0; c < Width; c++, real += Real)
                {
                    Vector512<float> re = Vector512.Load(line + ((nint)c * Complex));
                    Vector512<float> im = Vector512.Load(line + ((nint)c * Complex) + Real);
                    Vector512.Sqrt(Vector512.FusedMultiplyAdd(re, re, im * im)).Store(real);
                }
            }
        }
    }

    // Two real rows are the parts of one complex row, and their spectra are told apart by symmetry.
    private void ForwardRows(float* real, float* line, float* first, float* second)
    {
        for (int c = 0; c < Width; c++)
        {
            Vector512.Load(real + ((nint)c * Real)).Store(line + ((nint)c * Complex));
            Vector512.Load(real + ((nint)(Width + c) * Real)).Store(line + ((nint)c * Complex) + Real);
        }

        _across.Transform(line, Complex, line, Complex, inverse: false);
        for (int c = 0; c < HalfWidth; c++)
        {
            LaneComplex z = LaneComplex.Load(line + ((nint)c * Complex), 0);
            LaneComplex mirror = LaneComplex.Load(line + (Complex * (nint)(c == 0 ? 0 : Width - c)), 0);
            new LaneComplex(z.Re + mirror.Re, z.Im - mirror.Im).Store(first + ((nint)c * Complex), 0);
            new LaneComplex(z.Im + mirror.Im, mirror.Re - z.Re).Store(second + ((nint)c * Complex), 0);
        }
    }
}
