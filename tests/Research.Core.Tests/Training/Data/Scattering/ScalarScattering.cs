using Research.Training.Data.Scattering;

namespace Research.Tests.Training.Data.Scattering;

/// <summary>
/// The scattering transform of one image in plain float loops: the same operations in the same order.
/// </summary>
internal static class ScalarScattering
{
    public static float[] Of(float[] image, ScatteringFeatures plan, int height, int width)
    {
        ScatteringFilters filters = new(plan, height, width);
        int[] rows = ScatteringFilters.Reflected(height, 1 << plan.Scales);
        int[] columns = ScatteringFilters.Reflected(width, 1 << plan.Scales);
        float[,] padded = new float[rows.Length, columns.Length];
        for (int r = 0; r < rows.Length; r++)
        {
            for (int c = 0; c < columns.Length; c++)
            {
                padded[r, c] = image[(rows[r] * width) + columns[c]];
            }
        }

        List<float> zeroth = [.. Average(padded, filters, 0)];
        List<float> first = [];
        List<float> second = [];
        (float, float)[,] spectrum = Forward(padded);
        for (int j1 = 0; j1 < plan.Scales; j1++)
        {
            for (int t1 = 0; t1 < plan.Angles; t1++)
            {
                float[,] u1 = Convolve(spectrum, filters.Wavelet(j1, t1, 0).ToArray(), 1 << j1);
                first.AddRange(Average(u1, filters, j1));
                (float, float)[,] spectrum1 = Forward(u1);
                for (int j2 = j1 + 1; j2 < plan.Scales; j2++)
                {
                    for (int t2 = 0; t2 < plan.Angles; t2++)
                    {
                        float[] wavelet = filters.Wavelet(j2, t2, j1).ToArray();
                        second.AddRange(Average(Convolve(spectrum1, wavelet, 1 << (j2 - j1)), filters, j2));
                    }
                }
            }
        }

        return [.. zeroth, .. first, .. second];
    }

    /// <summary>Forward transform of a line; an inverse one exchanges the parts before and after.</summary>
    public static (float Re, float Im)[] Fourier((float Re, float Im)[] line)
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

    private static (float Re, float Im)[,] Forward(float[,] plane)
    {
        int height = plane.GetLength(0);
        int width = plane.GetLength(1);
        (float Re, float Im)[,] half = new (float Re, float Im)[height, (width / 2) + 1];
        for (int r = 0; r < height; r += 2)
        {
            (float Re, float Im)[] z = Fourier(
                [.. Enumerable.Range(0, width).Select(c => (plane[r, c], plane[r + 1, c]))]);
            for (int c = 0; c <= width / 2; c++)
            {
                (float Re, float Im) mirror = z[c == 0 ? 0 : width - c];
                half[r, c] = (z[c].Re + mirror.Re, z[c].Im - mirror.Im);
                half[r + 1, c] = (z[c].Im + mirror.Im, mirror.Re - z[c].Re);
            }
        }

        Columns(half);
        return half;
    }

    private static float[,] Convolve((float Re, float Im)[,] half, float[] filter, int fold)
    {
        int height = half.GetLength(0);
        int width = (half.GetLength(1) - 1) * 2;
        (float Re, float Im)[,] product = new (float Re, float Im)[height / fold, width / fold]; // parts exchanged
        int next = 0;
        for (int o = 0; o < product.Length; o++)
        {
            (int r, int c) = (o / (width / fold), o % (width / fold));
            (float re, float im) = (0f, 0f);
            for (int row = r; row < height; row += height / fold)
            {
                for (int column = c; column < width; column += width / fold)
                {
                    bool mirrored = column > width / 2;
                    (float Re, float Im) x = mirrored
                        ? half[(height - row) % height, width - column]
                        : half[row, column];
                    re = Fma(filter[next], x.Re, re);
                    im = Fma(mirrored ? -filter[next] : filter[next], x.Im, im);
                    next++;
                }
            }

            product[r, c] = (im, re);
        }

        Columns(product);
        float[,] modulus = new float[height / fold, width / fold];
        for (int r = 0; r < height / fold; r++)
        {
            (float Re, float Im)[] line = Fourier([.. Enumerable.Range(0, width / fold).Select(c => product[r, c])]);
            for (int c = 0; c < line.Length; c++)
            {
                modulus[r, c] = MathF.Sqrt(Fma(line[c].Im, line[c].Im, line[c].Re * line[c].Re));
            }
        }

        return modulus;
    }

    private static List<float> Average(float[,] plane, ScatteringFilters filters, int level)
    {
        int height = plane.GetLength(0);
        int width = plane.GetLength(1);
        float[] down = filters.LowPasses[level].Down.ToArray();
        float[] across = filters.LowPasses[level].Across.ToArray();
        List<float> channel = [];
        for (int o = 0; o < filters.ImageHeight >> filters.Scales; o++)
        {
            float[] row = [.. Enumerable.Range(0, width).Select(c => Enumerable.Range(0, height)
                .Aggregate(0f, (sum, i) => Fma(down[(o * height) + i], plane[i, c], sum)))];
            for (int p = 0; p < filters.ImageWidth >> filters.Scales; p++)
            {
                channel.Add(row.Select((x, i) => (x, i))
                    .Aggregate(0f, (sum, item) => Fma(across[(p * width) + item.i], item.x, sum)));
            }
        }

        return channel;
    }

    private static void Columns((float Re, float Im)[,] plane)
    {
        for (int c = 0; c < plane.GetLength(1); c++)
        {
            (float, float)[] column = Fourier([.. Enumerable.Range(0, plane.GetLength(0)).Select(r => plane[r, c])]);
            for (int r = 0; r < column.Length; r++)
            {
                plane[r, c] = column[r];
            }
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
