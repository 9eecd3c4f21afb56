using Research.Tensors;

namespace Research.Tests.Tensors;

public sealed class MatrixProductTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 1, 10, 128 }, { 12, 32, 7 }, { 13, 33, 257 }, { 5, 70, 300 }, { 37, 10, 64 }, { 193, 31, 16 },
        { 24, 64, 512 }, { 200, 100, 300 }, { 3, 2050, 5 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Add_AnySize_EqualsScalarBitForBit(int m, int n, int k)
    {
        foreach (bool transposeA in (bool[])[false, true])
        {
            foreach (bool transposeB in (bool[])[false, true])
            {
                float[] a = Numbers.Uniform(m * k, 1);
                float[] b = Numbers.Uniform(k * n, 2);
                Strides stridesA = transposeA ? Strides.TransposeOf(m) : Strides.RowMajor(k);
                Strides stridesB = transposeB ? Strides.TransposeOf(k) : Strides.RowMajor(n);
                float[] expected = Numbers.Uniform(m * n, 3);
                float[] actual = [.. expected];

                MatrixProduct.Scalar(a, stridesA, b, stridesB, expected, n, m, n, k);
                MatrixProduct.Add(a, stridesA, b, stridesB, actual, n, m, n, k);

                Numbers.AssertSameBits(expected, actual);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AddBlocked_EveryRegisterBlock_EqualsScalarBitForBit(int m, int n, int k)
    {
        float[] a = Numbers.Uniform(m * k, 1);
        float[] b = Numbers.Uniform(k * n, 2);
        float[] expected = Numbers.Uniform(m * n, 3);
        float[][] actual = [[.. expected], [.. expected], [.. expected]];
        Strides sa = Strides.RowMajor(k);
        Strides sb = Strides.RowMajor(n);

        MatrixProduct.Scalar(a, sa, b, sb, expected, n, m, n, k);
        MatrixProduct.AddBlocked<Wide>(a, sa, b, sb, actual[0], n, m, n, k);
        MatrixProduct.AddBlocked<Medium>(a, sa, b, sb, actual[1], n, m, n, k);
        MatrixProduct.AddBlocked<Narrow>(a, sa, b, sb, actual[2], n, m, n, k);

        Assert.All(actual, values => Numbers.AssertSameBits(expected, values));
    }

    [Fact]
    public void Add_AgainstDouble_IsWithinRoundingOfTheExactProduct()
    {
        const int M = 20, N = 30, K = 400;
        float[] a = Numbers.Uniform(M * K, 1);
        float[] b = Numbers.Uniform(K * N, 2);
        float[] c = new float[M * N];

        MatrixProduct.Add(a, Strides.RowMajor(K), b, Strides.RowMajor(N), c, N, M, N, K);

        for (int i = 0; i < M; i++)
        {
            for (int j = 0; j < N; j++)
            {
                double exact = 0, size = 0;
                for (int k = 0; k < K; k++)
                {
                    exact += (double)a[(i * K) + k] * b[(k * N) + j];
                    size += Math.Abs((double)a[(i * K) + k] * b[(k * N) + j]);
                }

                // Higham 2002, Accuracy and Stability, Eq. 3.5: |error| <= K·u/(1 − K·u)·Σ|a·b|, u = 2^-24.
                Assert.True(Math.Abs(exact - c[(i * N) + j]) <= K * 6e-8 * size);
            }
        }
    }

    [Fact]
    public void Add_WideRowStride_LeavesTheRestOfEachRowAlone()
    {
        float[] c = [1, 1, 9, 1, 1, 9];

        MatrixProduct.Add([1, 2], Strides.RowMajor(1), [3, 4], Strides.RowMajor(2), c, 3, 2, 2, 1);

        Assert.Equal([4, 5, 9, 7, 9, 9], c);
    }

    [Fact]
    public void Add_SpanTooShort_SaysHowLong()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() =>
            MatrixProduct.Add(
                new float[5], Strides.RowMajor(3), new float[6], Strides.RowMajor(2), new float[4], 2, 2, 2, 3));

        Assert.Contains("at least 6 elements for [2, 3]; got 5", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_NaNAndInfinity_PassThrough()
    {
        float[] c = new float[2];

        MatrixProduct.Add(
            [1, 1],
            Strides.RowMajor(2),
            [float.NaN, float.MaxValue, 1, float.MaxValue],
            Strides.RowMajor(2),
            c,
            2,
            1,
            2,
            2);

        Assert.True(float.IsNaN(c[0]));
        Assert.Equal(float.PositiveInfinity, c[1]);
    }
}
