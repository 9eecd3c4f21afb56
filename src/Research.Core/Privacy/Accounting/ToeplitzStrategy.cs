namespace Research.Privacy.Accounting;

/// <summary>A lower-triangular Toeplitz strategy matrix: what a matrix mechanism for prefix sums measures.</summary>
/// <remarks>
/// The square root of the matrix of prefix sums has coefficients C(2j, j)/4ʲ, those of (1 − x)^(−½), which fall with j;
/// the banded one keeps the first b of them (Kalinin and Lampert 2024, arXiv:2405.13763v2).
/// </remarks>
public sealed class ToeplitzStrategy
{
    private const double Rounding = 1 + 1e-13;
    private const int LargestSize = 50_000_000; // 400 MB of coefficients.
    private const double DirectWork = 1e8;

    private readonly double[] _coefficients; // [bands]; the first column's, those below are 0.

    private ToeplitzStrategy(int size, double[] coefficients)
    {
        Size = size;
        _coefficients = coefficients;
    }

    /// <summary>Gets which data sets count as neighbours.</summary>
    public static NeighbouringRelation Neighbours => NeighbouringRelation.ZeroOutOne;

    /// <summary>Gets the number of steps, which is that of rows.</summary>
    public int Size { get; }

    /// <summary>Gets the number of coefficients that are not 0.</summary>
    public int Bands => _coefficients.Length;

    /// <summary>Gets the first column, without the zeros below the bands.</summary>
    public ReadOnlySpan<double> Coefficients => _coefficients;

    /// <summary>Creates the banded square root of the matrix of prefix sums.</summary>
    /// <param name="size">Number of steps; 1 to 50 million.</param>
    /// <param name="bands">Number of bands; from 1 to <paramref name="size"/>, which is the whole square root.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range.</exception>
    public static ToeplitzStrategy SquareRoot(int size, int bands)
    {
        Parameter.Within(size, 1, LargestSize, nameof(size));
        double[] coefficients = new double[Parameter.Within(bands, 1, size, nameof(bands))];
        coefficients[0] = 1;
        for (int j = 1; j < bands; j++)
        {
            coefficients[j] = coefficients[j - 1] * ((2.0 * j) - 1) / (2.0 * j);
        }

        return new ToeplitzStrategy(size, coefficients);
    }

    /// <summary>Gets the L2 sensitivity of what is measured, for contributions of norm at most 1, rounded up.</summary>
    /// <remarks>
    /// Neighbours: a record's contributions are replaced by <b>zero</b>. The square of what a record measures is at
    /// most the sum of the products of its columns, none negative. That of columns i ≤ j is the sum of c(t)·c(t+j−i)
    /// over t &lt; size − j: falling in j and in the distance, so the earliest steps at the least separation are the
    /// worst (Kalinin and Lampert 2024, Theorem 2). From <see cref="Bands"/> steps apart, columns are orthogonal.
    /// </remarks>
    /// <param name="separation">Least number of steps from one participation of a record to its next; 1 or
    /// more.</param>
    /// <param name="participations">Most participations of a record; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range.</exception>
    public double Sensitivity(int separation, int participations)
    {
        Parameter.AtLeast(separation, 1, nameof(separation));
        Parameter.AtLeast(participations, 1, nameof(participations));
        double columns = Math.Min(participations, Math.Ceiling((double)Size / separation));
        double[] sum = columns * Bands <= DirectWork ? Direct(separation, participations) : Recursive(separation, participations);
        double square = 0;
        foreach (double value in sum)
        {
            square += value * value;
        }

        return Math.Sqrt(square) * Rounding;
    }

    private double[] Direct(int separation, int participations)
    {
        double[] sum = new double[Size];
        long first = 0;
        for (int i = 0; i < participations && first < Size; i++, first += separation)
        {
            int rows = Math.Min(Bands, Size - (int)first);
            for (int j = 0; j < rows; j++)
            {
                sum[first + j] += _coefficients[j];
            }
        }

        return sum;
    }

    // The same, a row from the row one separation before: s(r) = s(r − separation) + c(r) − c(r − participations·separation).
    // Each step rounds by at most two units of the largest sum, which is put on top.
    private double[] Recursive(int separation, int participations)
    {
        double[] sum = new double[Size];
        long end = (long)participations * separation;
        for (int row = 0; row < Size; row++)
        {
            double before = row >= separation ? sum[row - separation] : 0;
            double begins = row < Bands ? _coefficients[row] : 0;
            double ends = row >= end && row - end < Bands ? _coefficients[row - end] : 0;
            sum[row] = before + begins - ends;
        }

        double rounding = 2.3e-16 * sum.Max();
        for (int row = 0; row < Size; row++)
        {
            sum[row] += rounding * (1 + ((double)row / separation));
        }

        return sum;
    }
}
