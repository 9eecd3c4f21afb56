using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>Sums of outer products of 16-bit whole numbers, exact: C += Σ over examples of left·rightᵀ.</summary>
/// <remarks>
/// Two products at a time go into 32-bit sums, which are added to 64-bit ones after at most so many examples that no
/// sum can have overflowed: the caller answers for |left[o]·right[i]| ≤ B in each example, with examples · B below 2³¹.
/// </remarks>
internal static unsafe class IntegerProduct
{
    /// <summary>Rows of a tile: elements of left in a panel, which has room for 16.</summary>
    public static readonly PanelShape Left = new(12, 16);

    /// <summary>Columns of a tile: elements of right in a panel.</summary>
    public static readonly PanelShape Right = new(32, 32);

    /// <summary>Gets how many 32-bit numbers hold the vectors of so many examples.</summary>
    /// <param name="panel">The side.</param>
    /// <param name="size">Elements of a vector.</param>
    /// <param name="examples">Examples, a multiple of 16.</param>
    public static long Length(PanelShape panel, int size, int examples) =>
        (long)panel.Count(size) * panel.Step * (examples / 2);

    /// <summary>Adds the products of one part of the tiles.</summary>
    /// <param name="left">Panels of [pairs, 16], <paramref name="capacity"/> pairs apart.</param>
    /// <param name="rows">Elements of left.</param>
    /// <param name="right">Panels of [pairs, 32].</param>
    /// <param name="columns">Elements of right.</param>
    /// <param name="pairs">Pairs of examples.</param>
    /// <param name="capacity">Pairs from one panel to the next.</param>
    /// <param name="sums">[rows, columns], added to.</param>
    /// <param name="part">Which part, 0 to parts − 1.</param>
    /// <param name="parts">Number of parts; never changes a bit.</param>
    [SkipLocalsInit]
    public static void Add(
        int* left, int rows, int* right, int columns, int pairs, int capacity, Span<long> sums, int part, int parts)
    {
        int* tile = stackalloc int[Left.Step * Right.Step];
        int high = Left.Count(rows);
        (int first, int end) = Workers.Slice(high * Right.Count(columns), part, parts);
        for (int at = first; at < end; at++)
        {
            int row = at % high * Left.Elements;
            int column = at / high * Right.Elements;
            Multiply(
                left + ((long)(at % high) * capacity * Left.Step),
                right + ((long)(at / high) * capacity * Right.Step),
                pairs,
                tile);
            int width = Math.Min(Right.Elements, columns - column);
            for (int i = 0; i < Math.Min(Left.Elements, rows - row); i++)
            {
                AddWide(tile + (i * Right.Step), sums.Slice(((row + i) * columns) + column, width));
            }
        }
    }

    /// <summary>Adds Σ over examples of weight · left, weights being one 16-bit number an example.</summary>
    /// <param name="left">As in <see cref="Add"/>.</param>
    /// <param name="weights">[pairs].</param>
    /// <param name="pairs">Pairs of examples.</param>
    /// <param name="capacity">Pairs from one panel to the next.</param>
    /// <param name="sums">[rows], added to.</param>
    [SkipLocalsInit]
    public static void AddWeighed(int* left, int* weights, int pairs, int capacity, Span<long> sums)
    {
        int* total = stackalloc int[Left.Step];
        for (int row = 0; row < sums.Length; row += Left.Elements)
        {
            int* panel = left + ((long)(row / Left.Elements) * capacity * Left.Step);
            Vector512<int> sum = Vector512<int>.Zero;
            for (int pair = 0; pair < pairs; pair++)
            {
                sum += IntegerTile.Products(
                    Vector512.Load(panel + (pair * Left.Step)), Vector512.Create(weights[pair]));
            }

            sum.Store(total);
            AddWide(total, sums.Slice(row, Math.Min(Left.Elements, sums.Length - row)));
        }
    }

    private static void Multiply(int* left, int* right, int pairs, int* tile)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            IntegerTile.Multiply512(left, right, pairs, tile);
            return;
        }

        for (int half = 0; half < 2; half++)
        {
            for (int column = 0; column < Right.Elements; column += IntegerTile.NarrowColumns)
            {
                IntegerTile.Multiply256(
                    left + (half * IntegerTile.NarrowRows),
                    right + column,
                    pairs,
                    tile + (half * IntegerTile.NarrowRows * Right.Step) + column);
            }
        }
    }

    private static void AddWide(int* values, Span<long> sums)
    {
        fixed (long* target = sums)
        {
            int i = 0;
            for (; i <= sums.Length - Vector256<int>.Count; i += Vector256<int>.Count)
            {
                Vector256<int> some = Vector256.Load(values + i);
                Vector512<long> wide = Vector512.Create(
                    Vector256.WidenLower(some), Vector256.WidenUpper(some));
                (Vector512.Load(target + i) + wide).Store(target + i);
            }

            for (; i < sums.Length; i++)
            {
                target[i] += values[i];
            }
        }
    }
}
