using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>Products of one matrix with blocks of 16 examples: Y[b] += A·X[b].</summary>
/// <remarks>
/// A [M, K] is packed once for many products; X [blocks, K, 16] and Y [blocks, M, 16] need no packing, since a block is
/// a panel. Each output is one chain of fused multiply-adds over k = 0 … K − 1 that starts from what Y holds, as in
/// <see cref="MatrixProduct"/>.
/// </remarks>
internal static unsafe class LaneProduct
{
    // K: the sums are read and written once for so many steps; cuts are made equal.
    private const int MostDepth = 400;

    /// <summary>Gets how many floats a packed [rows, depth] matrix takes.</summary>
    public static long PackedLength(int rows, int depth) => (rows + Height - 1) / Height * PanelStep(depth);

    /// <summary>Packs one part of the panels of a matrix.</summary>
    public static void Pack(float* matrix, Strides strides, float* packed, int rows, int depth, int part, int parts)
    {
        (int first, int end) = Workers.Slice(rows, part, parts, Height);
        for (int row = first; row < end; row += Height)
        {
            float* panel = packed + (row / Height * PanelStep(depth));
            int present = Math.Min(Height, end - row);
            Packing.Pack(matrix + ((long)row * strides.Row), strides, panel, present, depth, Height);
        }
    }

    /// <summary>Gets the rows of a panel on this processor.</summary>
    public static int Height => Vector512.IsHardwareAccelerated ? Wide.Rows
        : MatrixProduct.HasMedium ? Medium.Rows
        : Narrow.Rows;

    /// <summary>Computes Y[b] += A·X[b] for each block.</summary>
    /// <param name="packed">A as <see cref="Pack"/> left it.</param>
    /// <param name="rows">M.</param>
    /// <param name="depth">K.</param>
    /// <param name="x">[blocks, K, 16].</param>
    /// <param name="y">[blocks, M, 16].</param>
    /// <param name="blocks">Number of blocks.</param>
    public static void Add(float* packed, int rows, int depth, float* x, float* y, int blocks)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Pairs(packed, rows, depth, x, y, blocks);
        }
        else if (MatrixProduct.HasMedium)
        {
            Columns<Medium>(packed, rows, depth, x, y, blocks);
        }
        else
        {
            Columns<Narrow>(packed, rows, depth, x, y, blocks);
        }
    }

    /// <summary>
    /// The same product through one named register block, for tests on machines that would choose another.
    /// </summary>
    internal static void AddColumns<TBlock>(float* matrix, int rows, int depth, float* x, float* y, int blocks)
        where TBlock : struct, IRegisterBlock
    {
        int panels = (rows + TBlock.Rows - 1) / TBlock.Rows;
        fixed (float* packed = new AlignedBuffer<float>(panels * PanelStep(depth, TBlock.Rows)))
        {
            for (int panel = 0; panel < panels; panel++)
            {
                int row = panel * TBlock.Rows;
                Packing.Pack(
                    matrix + ((long)row * depth),
                    Strides.RowMajor(depth),
                    packed + (panel * PanelStep(depth, TBlock.Rows)),
                    Math.Min(TBlock.Rows, rows - row),
                    depth,
                    TBlock.Rows);
            }

            Columns<TBlock>(packed, rows, depth, x, y, blocks);
        }
    }

    private static long PanelStep(int depth) => PanelStep(depth, Height);

    // Each panel has its own slack, so that threads can pack neighbours.
    private static long PanelStep(int depth, int height) => ((long)height * depth) + Packing.Slack;

    // A vector is as wide as a block: two blocks make one register block.
    private static void Pairs(float* packed, int rows, int depth, float* x, float* y, int blocks)
    {
        int cuts = (depth + MostDepth - 1) / MostDepth;
        int depthBlock = (depth + cuts - 1) / cuts;
        float* edge = stackalloc float[Height * Lanes.Count * 2];
        for (int block = 0; block < blocks; block += 2)
        {
            bool single = block + 1 == blocks;
            nint xRight = single ? 0 : depth * Lanes.Count;
            nint yRight = single ? 0 : rows * Lanes.Count;
            float* xBlock = x + ((long)block * depth * Lanes.Count);
            float* yBlock = y + ((long)block * rows * Lanes.Count);
            for (int k = 0; k < depth; k += depthBlock)
            {
                int steps = Math.Min(depthBlock, depth - k);
                float* b = xBlock + ((long)k * Lanes.Count);
                for (int row = 0; row < rows; row += Height)
                {
                    float* a = packed + (row / Height * PanelStep(depth)) + ((long)k * Height);
                    float* c = yBlock + ((long)row * Lanes.Count);
                    int present = Math.Min(Height, rows - row);
                    if (present == Height && !single)
                    {
                        Block512.Multiply(a, b, Lanes.Count, xRight, c, Lanes.Count, yRight, steps);
                        continue;
                    }

                    int used = present * Lanes.Count;
                    new ReadOnlySpan<float>(c, used).CopyTo(new Span<float>(edge, used));
                    new ReadOnlySpan<float>(c + yRight, used).CopyTo(new Span<float>(edge + (Height * Lanes.Count), used));
                    Block512.Multiply(
                        a, b, Lanes.Count, xRight, edge, Lanes.Count, Height * Lanes.Count, steps);
                    new ReadOnlySpan<float>(edge + (Height * Lanes.Count), used).CopyTo(new Span<float>(c + yRight, used));
                    new ReadOnlySpan<float>(edge, used).CopyTo(new Span<float>(c, used));
                }
            }
        }
    }

    // A block is one or two register blocks wide.
    private static void Columns<TBlock>(float* packed, int rows, int depth, float* x, float* y, int blocks)
        where TBlock : struct, IRegisterBlock
    {
        int half = TBlock.Columns / 2;
        float* edge = stackalloc float[TBlock.Rows * Lanes.Count];
        for (int block = 0; block < blocks; block++)
        {
            for (int row = 0; row < rows; row += TBlock.Rows)
            {
                float* c = y + ((((long)block * rows) + row) * Lanes.Count);
                int used = Math.Min(TBlock.Rows, rows - row) * Lanes.Count;
                bool whole = row + TBlock.Rows <= rows;
                float* target = whole ? c : edge;
                if (!whole)
                {
                    new ReadOnlySpan<float>(c, used).CopyTo(new Span<float>(edge, used));
                }

                for (int lane = 0; lane < Lanes.Count; lane += TBlock.Columns)
                {
                    float* b = x + ((long)block * depth * Lanes.Count) + lane;
                    float* a = packed + (row / TBlock.Rows * PanelStep(depth, TBlock.Rows));
                    TBlock.Multiply(a, b, Lanes.Count, half, target + lane, Lanes.Count, half, depth);
                }

                if (!whole)
                {
                    new ReadOnlySpan<float>(edge, used).CopyTo(new Span<float>(c, used));
                }
            }
        }
    }
}
