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

    private static (float Re, float Im)[,] Forward(float[,] plane)
    {
        int height = plane.GetLength(0);
        int width = plane.GetLength(1);
        (float Re, float Im)[,] half = new (float Re, float Im)[height, (width / 2) + 1];
        for (int r = 0; r < height; r += 2)
        {
            (float Re, float Im)[] z = ScalarFourier.Of(
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
            (float Re, float Im)[] line = ScalarFourier.Of([.. Enumerable.Range(0, width / fold).Select(c => product[r, c])]);
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
            (float, float)[] column = ScalarFourier.Of([.. Enumerable.Range(0, plane.GetLength(0)).Select(r => plane[r, c])]);
            for (int r = 0; r < column.Length; r++)
            {
                plane[r, c] = column[r];
            }
        }
    }

    private static float Fma(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);
}
