using System.Runtime.Intrinsics;

namespace Research.Training.Data.Scattering;

/// <summary>One pass over the line: m groups of l butterflies.</summary>
internal sealed unsafe class LaneFourierStage
{
    private readonly int _radix;
    private readonly int _l; // product of the radices before
    private readonly int _m; // product of the radices after
    private readonly (float Cos, float Sin)[] _twiddles; // [m, radix]
    private readonly (float Cos, float Sin)[] _roots; // [radix]

    public LaneFourierStage(int radix, int l, int m)
    {
        _radix = radix;
        _l = l;
        _m = m;
        _twiddles = new (float Cos, float Sin)[m * radix];
        for (int i = 0; i < _twiddles.Length; i++)
        {
            _twiddles[i] = Root((long)(i / radix) * (i % radix), (long)radix * m);
        }

        _roots = new (float Cos, float Sin)[radix];
        for (int i = 0; i < radix; i++)
        {
            _roots[i] = Root(i, radix);
        }
    }

    public void Run(float* x, nint xStride, float* y, nint yStride, nint swap)
    {
        nint xStep = xStride * _l * _m;
        nint yStep = yStride * _l;
        for (int p = 0; p < _m; p++)
        {
            float* from = x + (xStride * _l * p);
            float* to = y + (yStep * _radix * p);
            ReadOnlySpan<(float Cos, float Sin)> twiddles = _twiddles.AsSpan(p * _radix, _radix);
            switch (_radix)
            {
                case 2:
                    Radix2(from, xStride, xStep, to, yStride, yStep, swap, twiddles);
                    break;
                case 3:
                    Radix3(from, xStride, xStep, to, yStride, yStep, swap, twiddles);
                    break;
                case 4:
                    Radix4(from, xStride, xStep, to, yStride, yStep, swap, twiddles);
                    break;
                default:
                    AnyRadix(from, xStride, xStep, to, yStride, yStep, swap, twiddles);
                    break;
            }
        }
    }

    private static (float Cos, float Sin) Root(long numerator, long denominator)
    {
        (double sin, double cos) = UnitCircle.OfTurns(numerator, denominator);
        return ((float)cos, (float)sin);
    }

    private void Radix2(
        float* x, nint xs, nint xStep, float* y, nint ys, nint yStep, nint swap,
        ReadOnlySpan<(float Cos, float Sin)> w)
    {
        Vector512<float> cos1 = Vector512.Create(w[1].Cos), sin1 = Vector512.Create(w[1].Sin);
        for (int q = 0; q < _l; q++, x += xs, y += ys)
        {
            LaneComplex a0 = LaneComplex.Load(x, swap);
            LaneComplex a1 = LaneComplex.Load(x + xStep, swap);
            (a0 + a1).Store(y, swap);
            (a0 - a1).Turn(cos1, sin1).Store(y + yStep, swap);
        }
    }

    private void Radix3(
        float* x, nint xs, nint xStep, float* y, nint ys, nint yStep, nint swap,
        ReadOnlySpan<(float Cos, float Sin)> w)
    {
        Vector512<float> half = Vector512.Create(-0.5f), high = Vector512.Create(_roots[1].Sin);
        Vector512<float> cos1 = Vector512.Create(w[1].Cos), sin1 = Vector512.Create(w[1].Sin);
        Vector512<float> cos2 = Vector512.Create(w[2].Cos), sin2 = Vector512.Create(w[2].Sin);
        for (int q = 0; q < _l; q++, x += xs, y += ys)
        {
            LaneComplex a0 = LaneComplex.Load(x, swap);
            LaneComplex a1 = LaneComplex.Load(x + xStep, swap);
            LaneComplex a2 = LaneComplex.Load(x + (2 * xStep), swap);
            LaneComplex sum = a1 + a2;
            LaneComplex difference = a1 - a2;
            LaneComplex middle = a0.AddScaled(sum, half);
            (a0 + sum).Store(y, swap);
            middle.AddTurned(difference, high).Turn(cos1, sin1).Store(y + yStep, swap);
            middle.AddTurned(difference, -high).Turn(cos2, sin2).Store(y + (2 * yStep), swap);
        }
    }

    private void Radix4(
        float* x, nint xs, nint xStep, float* y, nint ys, nint yStep, nint swap,
        ReadOnlySpan<(float Cos, float Sin)> w)
    {
        Vector512<float> cos1 = Vector512.Create(w[1].Cos), sin1 = Vector512.Create(w[1].Sin);
        Vector512<float> cos2 = Vector512.Create(w[2].Cos), sin2 = Vector512.Create(w[2].Sin);
        Vector512<float> cos3 = Vector512.Create(w[3].Cos), sin3 = Vector512.Create(w[3].Sin);
        for (int q = 0; q < _l; q++, x += xs, y += ys)
        {
            LaneComplex a0 = LaneComplex.Load(x, swap);
            LaneComplex a1 = LaneComplex.Load(x + xStep, swap);
            LaneComplex a2 = LaneComplex.Load(x + (2 * xStep), swap);
            LaneComplex a3 = LaneComplex.Load(x + (3 * xStep), swap);
            LaneComplex even = a0 + a2;
            LaneComplex odd = a1 + a3;
            LaneComplex evenLess = a0 - a2;
            LaneComplex oddLess = a1 - a3;
            (even + odd).Store(y, swap);
            LaneComplex b1 = new(evenLess.Re + oddLess.Im, evenLess.Im - oddLess.Re);
            LaneComplex b3 = new(evenLess.Re - oddLess.Im, evenLess.Im + oddLess.Re);
            b1.Turn(cos1, sin1).Store(y + yStep, swap);
            (even - odd).Turn(cos2, sin2).Store(y + (2 * yStep), swap);
            b3.Turn(cos3, sin3).Store(y + (3 * yStep), swap);
        }
    }

    private void AnyRadix(
        float* x, nint xs, nint xStep, float* y, nint ys, nint yStep, nint swap,
        ReadOnlySpan<(float Cos, float Sin)> w)
    {
        for (int q = 0; q < _l; q++, x += xs, y += ys)
        {
            for (int k = 0; k < _radix; k++)
            {
                LaneComplex sum = LaneComplex.Load(x, swap);
                for (int j = 1; j < _radix; j++)
                {
                    (float cos, float sin) = _roots[j * k % _radix];
                    LaneComplex a = LaneComplex.Load(x + (j * xStep), swap);
                    sum += a.Turn(Vector512.Create(cos), Vector512.Create(sin));
                }

                sum.Turn(Vector512.Create(w[k].Cos), Vector512.Create(w[k].Sin)).Store(y + (k * yStep), swap);
            }
        }
    }
}
