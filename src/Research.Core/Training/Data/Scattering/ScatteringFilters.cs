namespace Research.Training.Data.Scattering;

/// <summary>
/// Everything about a scattering transform that does not depend on the images; shared by all threads.
/// </summary>
internal sealed class ScatteringFilters
{
    private readonly float[][] _tables;

    /// <summary>Computes the filters.</summary>
    /// <param name="features">Checked.</param>
    /// <param name="height">Height of the images.</param>
    /// <param name="width">Width of the images.</param>
    public ScatteringFilters(ScatteringFeatures features, int height, int width)
    {
        Scales = features.Scales;
        Angles = features.Angles;
        ImageHeight = height;
        ImageWidth = width;
        Height = height + (2 << Scales);
        Width = width + (2 << Scales);
        LowPass[] lowPasses = new LowPass[Scales];
        for (int level = 0; level < Scales; level++)
        {
            lowPasses[level] = new LowPass(Height >> level, Width >> level, level, Scales);
        }

        LowPasses = lowPasses;

        _tables = new float[Scales * Angles * Scales][];
        for (int scale = 0; scale < Scales; scale++)
        {
            for (int angle = 0; angle < Angles; angle++)
            {
                double[] wavelet = MorletFilter.Wavelet(Height, Width, scale, angle, Angles);
                for (int level = 0; level < Math.Max(scale, 1); level++)
                {
                    _tables[Index(scale, angle, level)] = Table(wavelet, level, 1 << (scale - level));
                }
            }
        }
    }

    /// <summary>Gets J.</summary>
    public int Scales { get; }

    /// <summary>Gets L.</summary>
    public int Angles { get; }

    /// <summary>Gets the height of the images.</summary>
    public int ImageHeight { get; }

    /// <summary>Gets the width of the images.</summary>
    public int ImageWidth { get; }

    /// <summary>Gets the height with 2ᴶ more on either side.</summary>
    public int Height { get; }

    /// <summary>Gets the width with 2ᴶ more on either side.</summary>
    public int Width { get; }

    /// <summary>Gets the averages, one for each resolution.</summary>
    public IReadOnlyList<LowPass> LowPasses { get; }

    /// <summary>Gets a wavelet as <see cref="ScatteringPlane.MultiplyAndFold"/> wants it.</summary>
    /// <param name="scale">j, the resolution to fold to.</param>
    /// <param name="angle">θ.</param>
    /// <param name="level">The resolution of what is multiplied; below j, or both 0.</param>
    public ReadOnlySpan<float> Wavelet(int scale, int angle, int level) => _tables[Index(scale, angle, level)];

    /// <summary>
    /// Gets which pixel stands at each place of a padded line: reflection that does not repeat the edge.
    /// </summary>
    public static int[] Reflected(int length, int margin)
    {
        int[] source = new int[length + (2 * margin)];
        for (int i = 0; i < source.Length; i++)
        {
            int distance = Math.Abs(i - margin);
            // A margin as long as the line is reflected twice at its far end.
            source[i] = distance < length ? distance : Math.Abs((2 * (length - 1)) - distance);
        }

        return source;
    }

    private int Index(int scale, int angle, int level) => (((scale * Angles) + angle) * Scales) + level;

    private float[] Table(double[] wavelet, int level, int fold)
    {
        int height = Height >> level;
        int width = Width >> level;

        // The inverse transform is not scaled, and the spectrum of a real plane comes doubled.
        double scaleBy = 0.5 / ((double)height * width);
        float[] table = new float[height * width];
        int next = 0;
        for (int r = 0; r < height / fold; r++)
        {
            for (int c = 0; c < width / fold; c++)
            {
                for (int row = r; row < height; row += height / fold)
                {
                    for (int column = c; column < width; column += width / fold)
                    {
                        int from = (Kept(row, height, Height) * Width) + Kept(column, width, Width);
                        table[next++] = (float)(wavelet[from] * scaleBy);
                    }
                }
            }
        }

        return table;
    }

    // Kymatio's periodization keeps the frequencies −size/2 … size/2 − 1 and drops the others.
    private static int Kept(int index, int size, int full) => index < size / 2 ? index : full - size + index;
}
