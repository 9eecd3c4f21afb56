using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Research.Tensors;

/// <summary>Matrix products C += A·B of strided float matrices, the same bits on every processor.</summary>
/// <remarks>
/// M = rows of C, N = columns of C, K = inner dimension. Each output is one chain of fused multiply-adds over k = 0 … K
/// − 1 that starts
/// from what C holds. Vectors run over n and register blocks over m, so neither width nor blocking nor threads changes
/// a chain:
/// <see cref="Scalar"/> gives equal bits. Blocking after Goto and van de Geijn 2008, ACM TOMS 34(3), Fig. 10.
/// </remarks>
internal static unsafe class MatrixProduct
{
    private const int DepthBlock = 384;   // K: a packed panel of B, 384 × 32 floats, serves every panel of A in turn.
    private const int RowBlock = 192;     // M: a packed block of A, 192 × 384 floats, stays in the second-level cache.
    private const int ColumnBlock = 2048; // N: a packed block of B, 384 × 2048 floats, stays in the third-level cache.

    /// <summary>Gets whether 256-bit vectors multiply and add in one rounding.</summary>
    public static bool HasMedium => Vector256.IsHardwareAccelerated && HasFusedMultiplyAdd;

    private static bool HasFusedMultiplyAdd => Fma.IsSupported || AdvSimd.Arm64.IsSupported;

    [ThreadStatic]
    private static AlignedBuffer<float>? _packedA;

    [ThreadStatic]
    private static AlignedBuffer<float>? _packedB;

    /// <summary>
    /// Computes C += A·B for A [M, K] and B [K, N] with the strides given, and C [M, N] with contiguous rows.
    /// </summary>
    /// <exception cref="ArgumentException">A span is shorter than its matrix.</exception>
    public static void Add(
        ReadOnlySpan<float> a,
        Strides aStrides,
        ReadOnlySpan<float> b,
        Strides bStrides,
        Span<float> c,
        int cStride,
        int m,
        int n,
        int k)
    {
        if (m == 0 || n == 0 || k == 0)
        {
            return;
        }

        aStrides.Check(a.Length, m, k, nameof(a));
        bStrides.Check(b.Length, k, n, nameof(b));
        new Strides(cStride, 1).Check(c.Length, m, n, nameof(c));

        fixed (float* pa = a, pb = b, pc = c)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                Blocked<Wide>(pa, aStrides, pb, bStrides, pc, cStride, m, n, k);
            }
            else if (HasMedium)
            {
                Blocked<Medium>(pa, aStrides, pb, bStrides, pc, cStride, m, n, k);
            }
            else if (Vector128.IsHardwareAccelerated && HasFusedMultiplyAdd)
            {
                Blocked<Narrow>(pa, aStrides, pb, bStrides, pc, cStride, m, n, k);
            }
            else
            {
                Scalar(a, aStrides, b, bStrides, c, cStride, m, n, k);
            }
        }
    }

    /// <summary>The plain loop: what every faster form must equal bit for bit.</summary>
    public static void Scalar(
        ReadOnlySpan<float> a,
        Strides aStrides,
        ReadOnlySpan<float> b,
        Strides bStrides,
        Span<float> c,
        int cStride,
        int m,
        int n,
        int k)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = c[(i * cStride) + j];
                for (int step = 0; step < k; step++)
                {
                    sum = MathF.FusedMultiplyAdd(a[aStrides.At(i, step)], b[bStrides.At(step, j)], sum);
                }

                c[(i * cStride) + j] = sum;
            }
        }
    }

    /// <summary>
    /// The same product through one named register block, for tests on machines that would choose another.
    /// </summary>
    internal static void AddBlocked<TBlock>(
        ReadOnlySpan<float> a,
        Strides aStrides,
        ReadOnlySpan<float> b,
        Strides bStrides,
        Span<float> c,
        int cStride,
        int m,
        int n,
        int k)
        where TBlock : struct, IRegisterBlock
    {
        fixed (float* pa = a, pb = b, pc = c)
        {
            Blocked<TBlock>(pa, aStrides, pb, bStrides, pc, cStride, m, n, k);
        }
    }

    private static void Blocked<TBlock>(
        float* a, Strides aStrides, float* b, Strides bStrides, float* c, int cStride, int m, int n, int k)
        where TBlock : struct, IRegisterBlock
    {
        // As if K were deep: batches differ in size, and the buffers should not grow with them.
        long lengthA = ((long)DepthBlock * RoundUp(Math.Min(m, RowBlock), TBlock.Rows)) + Packing.Slack;
        long lengthB = ((long)DepthBlock * RoundUp(Math.Min(n, ColumnBlock), TBlock.Columns)) + Packing.Slack;
        fixed (float* packedA = AtLeast(ref _packedA, lengthA), packedB = AtLeast(ref _packedB, lengthB))
        {
            for (int column = 0; column < n; column += ColumnBlock)
            {
                int columns = Math.Min(ColumnBlock, n - column);
                for (int step = 0; step < k; step += DepthBlock)
                {
                    int steps = Math.Min(DepthBlock, k - step);
                    Packing.Pack(
                        b + bStrides.At(step, column),
                        bStrides.Transposed,
                        packedB,
                        columns,
                        steps,
                        TBlock.Columns);
                    for (int row = 0; row < m; row += RowBlock)
                    {
                        int rows = Math.Min(RowBlock, m - row);
                        Packing.Pack(a + aStrides.At(row, step), aStrides, packedA, rows, steps, TBlock.Rows);
                        Panels<TBlock>(
                            packedA,
                            packedB,
                            c + ((long)row * cStride) + column,
                            cStride,
                            rows,
                            columns,
                            steps);
                    }
                }
            }
        }
    }

    private static void Panels<TBlock>(float* a, float* b, float* c, int cStride, int rows, int columns, int steps)
        where TBlock : struct, IRegisterBlock
    {
        int half = TBlock.Columns / 2;
        float* edge = stackalloc float[TBlock.Rows * TBlock.Columns];
        for (int column = 0; column < columns; column += TBlock.Columns)
        {
            int width = Math.Min(TBlock.Columns, columns - column);
            for (int row = 0; row < rows; row += TBlock.Rows)
            {
                int height = Math.Min(TBlock.Rows, rows - row);
                float* corner = c + ((long)row * cStride) + column;
                float* panelA = a + ((long)row * steps);
                float* panelB = b + ((long)column * steps);
                if (height == TBlock.Rows && width == TBlock.Columns)
                {
                    TBlock.Multiply(panelA, panelB, TBlock.Columns, half, corner, cStride, half, steps);
                }
                else
                {
                    CopyBlock(corner, cStride, edge, TBlock.Columns, height, width);
                    TBlock.Multiply(panelA, panelB, TBlock.Columns, half, edge, TBlock.Columns, half, steps);
                    CopyBlock(edge, TBlock.Columns, corner, cStride, height, width);
                }
            }
        }
    }

    private static void CopyBlock(
        float* source, int sourceStride, float* target, int targetStride, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            new ReadOnlySpan<float>(source + ((long)row * sourceStride), columns)
                .CopyTo(new Span<float>(target + ((long)row * targetStride), columns));
        }
    }

    private static AlignedBuffer<float> AtLeast(ref AlignedBuffer<float>? buffer, long length) =>
        buffer is not null && buffer.Length >= length ? buffer : buffer = new AlignedBuffer<float>(length);

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
