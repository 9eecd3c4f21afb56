using Research.Training.Data.Scattering;

namespace Research.Tests.Training.Data.Scattering;

/// <summary>The Fourier transform of one line in plain float loops.</summary>
internal static class ScalarFourier
{
    /// <summary>Forward transform of a line; an inverse one exchanges the parts before and after.</summary>
    public static (float Re, float Im)[] Of((float Re, float Im)[] line)
    {
        int n = line.Length;
        int rest = n;
        int l = 1;
        foreach (int radix in (int[])[4, 3, 2, 5, 7, 11, 13, 17])
        {
            for (; rest % radix == 0; rest /= radix)
            {
                int m = n / l / radix;
                (float Re, float Im)[] next = new (float Re, float Im)[n];
                for (int i = 0; i < n / radix; i++)
                {
                    int p = i / l;
                    (float, float)[] a = [.. Enumerable.Range(0, radix).Select(k => line[i + (k * l * m)])];
                    (float, float)[] b = Butterfly(a);
                    for (int k = 0; k < radix; k++)
                    {
                        int to = (i % l) + (l * ((radix * p) + k));
                        bool isPlain = k == 0 && radix <= 4;
                        next[to] = isPlain ? b[k] : Turn(b[k], (long)p * k, (long)radix * m);
                    }
                }

                line = next;
                l *= radix;
            }
        }

        return line;
    }

    private static (float Re, float Im)[] Butterfly((float Re, float Im)[] a)
    {
        switch (a.Length)
        {
            case 2:
                return [Plus(a[0], a[1]), Minus(a[0], a[1])];
            case 3:
                (float Re, float Im) sum = Plus(a[1], a[2]);
                (float Re, float Im) d = Minus(a[1], a[2]);
                (float Re, float Im) mid = (Fma(-0.5f, sum.Re, a[0].Re), Fma(-0.5f, sum.Im, a[0].Im));
                float h = (float)UnitCircle.OfTurns(1, 3).Sin;
                return
                [
                    Plus(a[0], sum), (Fma(h, d.Im, mid.Re), Fma(-h, d.Re, mid.Im)),
                    (Fma(-h, d.Im, mid.Re), Fma(h, d.Re, mid.Im)),
                ];
            case 4:
                (float Re, float Im) less = Minus(a[0], a[2]);
                (float Re, float Im) odd = Minus(a[1], a[3]);
                return
                [
                    Plus(Plus(a[0], a[2]), Plus(a[1], a[3])), (less.Re + odd.Im, less.Im - odd.Re),
                    Minus(Plus(a[0], a[2]), Plus(a[1], a[3])), (less.Re - odd.Im, less.Im + odd.Re),
                ];
            default:
                return [.. Enumerable.Range(0, a.Length).Select(k => Enumerable.Range(1, a.Length - 1)
                    .Aggregate(a[0], (total, j) => Plus(total, Turn(a[j], j * k % a.Length, a.Length))))];
        }
    }

    private static (float Re, float Im) Turn((float Re, float Im) x, long numerator, long denominator)
    {
        (double s, double c) = UnitCircle.OfTurns(numerator, denominator);
        (float sin, float cos) = ((float)s, (float)c);
        return (Fma(x.Re, cos, x.Im * sin), Fma(-x.Re, sin, x.Im * cos));
    }

    private static (float Re, float Im) Plus((float Re, float Im) a, (float Re, float Im) b) =>
        (a.Re + b.Re, a.Im + b.Im);

    private static (float Re, float Im) Minus((float Re, float Im) a, (float Re, float Im) b) =>
        (a.Re - b.Re, a.Im - b.Im);

    private static float Fma(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);
}
