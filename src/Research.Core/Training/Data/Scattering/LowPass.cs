using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Research.Training.Data.Scattering;

/// <summary>Averages a real plane by φ, keeps every 2ᵏ-th value and drops the border.</summary>
/// <remarks>
/// φ is a round Gaussian, so the average, its subsampling and the cut are one small matrix for each axis: no
/// transform is needed. h, w = size of a channel.
/// </remarks>
internal sealed unsafe class LowPass
{
    private const int Lanes = LaneComplex.Lanes;
    private const int OutputsAtOnce = 4;

    private readonly float[] _down;
    private readonly float[] _across;
    private readonly int _height;
    private readonly int _width;
    private readonly int _outputHeight;
    private readonly int _outputWidth;

    /// <summary>Creates the two matrices of one resolution.</summary>
    /// <param name="height">H, even.</param>
    /// <param name="width">W, even.</param>
    /// <param name="level">Resolution: the padded image was halved so many times.</param>
    /// <param name="scales">J.</param>
    public LowPass(int height, int width, int level, int scales)
    {
        _height = height;
        _width = width;
        int stride = 1 << (scales - level);
        _outputHeight = (height / stride) - 2;
        _outputWidth = (width / stride) - 2;
        _down = Matrix(height, level, scales, _outputHeight, stride);
        _across = Matrix(width, level, scales, _outputWidth, stride);
    }

    /// <summary>Gets the matrix along a column, [h rounded up to 4, H].</summary>
    public ReadOnlySpan<float> Down => _down;

    /// <summary>Gets the matrix along a row, [w rounded up to 4, W].</summary>
    public ReadOnlySpan<float> Across => _across;

    /// <summary>Gets how many floats <see cref="Apply"/> needs besides.</summary>
    public long ScratchLength => (long)RoundUp(_outputHeight) * (_width + RoundUp(_outputWidth)) * Lanes;

    /// <summary>Averages.</summary>
    /// <param name="real">[H, W][16].</param>
    /// <param name="scratch">Overwritten.</param>
    /// <param name="channel">Receives [h, w][16].</param>
    public void Apply(float* real, float* scratch, float* channel)
    {
        int rows = RoundUp(_outputHeight);
        nint row = (nint)_width * Lanes;
        float* wide = scratch; // [h rounded up, W]
        float* narrow = scratch + (rows * row); // [w rounded up, h rounded up]
        Contract(_down, _height, real, row, _width, Lanes, wide, row);
        Contract(_across, _width, wide, Lanes, rows, row, narrow, (nint)rows * Lanes);
        for (int r = 0; r < _outputHeight; r++)
        {
            for (int c = 0; c < _outputWidth; c++, channel += Lanes)
            {
                Vector512.Load(narrow + ((nint)((c * rows) + r) * Lanes)).Store(channel);
            }
        }
    }

    // target[o, c] = Σᵢ matrix[o, i] · x[i, c]; two columns of four outputs at a time keep the multipliers busy.
    private static void Contract(
        float[] matrix, int inner, float* x, nint innerStride, int columns, nint columnStride, float* target,
        nint targetRow)
    {
        fixed (float* first = matrix)
        {
            for (int o = 0; o < matrix.Length / inner; o += OutputsAtOnce)
            {
                for (int c = 0; c < columns; c += 2)
                {
                    float* to = target + (o * targetRow) + ((nint)c * Lanes);
                    ContractBlock(
                        first + (o * inner), inner, x + (c * columnStride), innerStride, columnStride, to, targetRow);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ContractBlock(
        float* a, int inner, float* x, nint innerStride, nint columnStride, float* target, nint targetRow)
    {
        Vector512<float> s00 = default, s01 = default, s10 = default, s11 = default;
        Vector512<float> s20 = default, s21 = default, s30 = default, s31 = default;
        for (int i = 0; i < inner; i++, x += innerStride)
        {
            Vector512<float> x0 = Vector512.Load(x);
            Vector512<float> x1 = Vector512.Load(x + columnStride);
            Vector512<float> w = Vector512.Create(a[i]);
            s00 = Vector512.FusedMultiplyAdd(w, x0, s00);
            s01 = Vector512.FusedMultiplyAdd(w, x1, s01);
            w = Vector512.Create(a[inner + i]);
            s10 = Vector512.FusedMultiplyAdd(w, x0, s10);
            s11 = Vector512.FusedMultiplyAdd(w, x1, s11);
            w = Vector512.Create(a[(2 * inner) + i]);
            s20 = Vector512.FusedMultiplyAdd(w, x0, s20);
            s21 = Vector512.FusedMultiplyAdd(w, x1, s21);
            w = Vector512.Create(a[(3 * inner) + i]);
            s30 = Vector512.FusedMultiplyAdd(w, x0, s30);
            s31 = Vector512.FusedMultiplyAdd(w, x1, s31);
        }

        Store(s00, s01, target);
        Store(s10, s11, target + targetRow);
        Store(s20, s21, target + (2 * targetRow));
        Store(s30, s31, target + (3 * targetRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> first, Vector512<float> second, float* target)
    {
        first.Store(target);
        second.Store(target + Lanes);
    }

    // Row o is the filter's response to an impulse, read at position (o + 1)·stride: 1 is cut off on either side.
    private static float[] Matrix(int length, int level, int scales, int outputs, int stride)
    {
        double[] spectrum = MorletFilter.LowPassFactor(length << level, scales);
        double[] response = new double[length];
        for (int distance = 0; distance < length; distance++)
        {
            for (int k = 0; k < length; k++)
            {
                // Kymatio's periodization keeps the frequencies −length/2 … length/2 − 1 and drops the others.
                double kept = spectrum[k < length / 2 ? k : (length << level) - length + k];
                response[distance] += kept * UnitCircle.OfTurns((long)k * distance, length).Cos / length;
            }
        }

        float[] matrix = new float[RoundUp(outputs) * length];
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < length; i++)
            {
                int distance = ((o + 1) * stride) - i;
                matrix[(o * length) + i] = (float)response[(distance + length) % length];
            }
        }

        return matrix;
    }

    private static int RoundUp(int outputs) => (outputs + OutputsAtOnce - 1) / OutputsAtOnce * OutputsAtOnce;
}
