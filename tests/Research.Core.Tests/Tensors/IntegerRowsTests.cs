using Research.Tensors;

namespace Research.Tests.Tensors;

public sealed unsafe class IntegerRowsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 15)]
    [InlineData(7, 1024)]
    [InlineData(512, 1500)]
    public void AddTruncated_AnySizes_IsTheScalarSum(int count, int size)
    {
        (float[] rows, float[] factors) = Make(count, size);
        long[] sums = new long[size];
        long[] expected = new long[size];
        Array.Fill(sums, 5);
        for (int i = 0; i < size; i++)
        {
            expected[i] = 5;
            for (int row = 0; row < count; row++)
            {
                expected[i] += factors[row] == 0 ? 0 : (long)(rows[(row * size) + i] * factors[row]);
            }
        }

        fixed (float* first = rows)
        {
            IntegerRows.AddTruncated(first, count, size, factors, sums);
        }

        Assert.Equal(expected, sums);
    }

    [Fact]
    public void AddTruncated_LargestSteps_DoNotOverflow()
    {
        float[] rows = new float[IntegerRows.MostRows];
        Array.Fill(rows, 4_194_303f); // The most steps that one example adds.
        float[] factors = new float[rows.Length];
        Array.Fill(factors, 1f);
        long[] sums = new long[1];

        fixed (float* first = rows)
        {
            IntegerRows.AddTruncated(first, rows.Length, 1, factors, sums);
        }

        Assert.Equal(512L * 4_194_303, sums[0]);
    }

    [Fact]
    public void AddTruncated_RowWithoutFactor_AddsNothingWhateverItHolds()
    {
        float[] rows = [float.NaN, float.PositiveInfinity, 3, -4];
        long[] sums = new long[2];

        fixed (float* first = rows)
        {
            IntegerRows.AddTruncated(first, 2, 2, [0, 1.5f], sums);
        }

        Assert.Equal([4, -6], sums);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(5000)]
    public void AddSquares_OfRows_AreTheirSquaredNorms(int size)
    {
        (float[] rows, _) = Make(3, size);
        double[] norms = [1, 0, 0];
        fixed (float* first = rows)
        {
            IntegerRows.AddSquares(first, 3, size, norms);
        }

        for (int row = 0; row < 3; row++)
        {
            double expected = rows.Skip(row * size).Take(size).Sum(x => (double)x * x) + (row == 0 ? 1 : 0);
            Assert.Equal(expected, norms[row], expected * 1e-12);
        }
    }

    [Fact]
    public void AddSquares_OfWhatIsNotFinite_IsNotFinite()
    {
        float[] rows = [1, float.NaN, 1, float.PositiveInfinity];
        double[] norms = new double[2];
        fixed (float* first = rows)
        {
            IntegerRows.AddSquares(first, 2, 2, norms);
        }

        Assert.All(norms, norm => Assert.False(double.IsFinite(norm)));
    }

    private static (float[] Rows, float[] Factors) Make(int count, int size)
    {
        Random random = new(count + size);
        float[] rows = [.. Enumerable.Range(0, count * size).Select(_ => (float)((random.NextDouble() - 0.5) * 100))];
        float[] factors = [.. Enumerable.Range(0, count).Select(i => i % 5 == 1 ? 0 : random.NextSingle() * 1000)];
        return (rows, factors);
    }
}
