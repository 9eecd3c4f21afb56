using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Research.Tensors;

/// <summary>Examples' vectors as whole numbers of 16 bits, laid out for <see cref="IntegerProduct"/>.</summary>
/// <remarks>
/// Two examples make a pair: one 32-bit number holds an element of both, the first in its lower half. A panel is
/// [pairs, step] of them for so many elements; elements beyond the last are zeros.
/// </remarks>
internal static unsafe class FactorRows
{
    /// <summary>Pairs in a block of examples.</summary>
    public const int BlockPairs = Lanes.Count / 2;

    /// <summary>The offset that rounds to the nearest whole number.</summary>
    public const float Half = 0.5f;

    /// <summary>Writes round(value · scale), and sums its squares.</summary>
    /// <param name="x">[groups, size, 16].</param>
    /// <param name="size">Numbers of an example.</param>
    /// <param name="groups">Blocks.</param>
    /// <param name="scales">[groups, 16]; where one is 0 the row is 0 whatever it held. |value · scale| must stay below
    /// 2¹⁵.</param>
    /// <param name="panels">First panel; the rows start at its first pair.</param>
    /// <param name="panel">Elements in a panel and numbers from one pair to the next.</param>
    /// <param name="panelStep">Numbers from one panel to the next.</param>
    /// <param name="squares">[groups, 16]: receives the sums of squares.</param>
    public static void Round(
        float* x, int size, int groups, float* scales, int* panels, PanelShape panel, long panelStep, int* squares)
    {
        float* halves = stackalloc float[groups * Lanes.Count];
        new Span<float>(halves, groups * Lanes.Count).Fill(Half);
        new Span<int>(squares, groups * Lanes.Count).Clear();
        Write(x, size, groups, scales, halves, panels, panel, panelStep, squares);
    }

    /// <summary>Writes value · factor, rounded by an example's own offset: 0 is toward zero, ½ to the nearest.</summary>
    /// <param name="values">[groups, size, 16].</param>
    /// <param name="size">Numbers of an example.</param>
    /// <param name="groups">Blocks.</param>
    /// <param name="factors">[groups, 16]; as scales there.</param>
    /// <param name="offsets">[groups, 16]: what is added to a size before its fraction is cut off, in [0, ½].</param>
    /// <param name="panels">First panel; the rows start at its first pair.</param>
    /// <param name="panel">Elements in a panel and numbers from one pair to the next.</param>
    /// <param name="panelStep">Numbers from one panel to the next.</param>
    public static void Round(
        float* values,
        int size,
        int groups,
        float* factors,
        float* offsets,
        int* panels,
        PanelShape panel,
        long panelStep) =>
        Write(values, size, groups, factors, offsets, panels, panel, panelStep, null);

    [SkipLocalsInit]
    private static void Write(
        float* values,
        int size,
        int groups,
        float* factors,
        float* offsets,
        int* panels,
        PanelShape panel,
        long panelStep,
        int* squares)
    {
        int* tile = stackalloc int[Lanes.Count * Lanes.Count];
        int* turned = stackalloc int[Lanes.Count * Lanes.Count];
        int* zeros = stackalloc int[Lanes.Count];
        Vector512<int>.Zero.Store(zeros);
        float** rows = stackalloc float*[Lanes.Count];
        for (int group = 0; group < groups; group += 2)
        {
            bool single = group + 1 == groups;
            float* first = values + ((long)group * size * Lanes.Count);
            float* second = single ? null : first + ((long)size * Lanes.Count);
            int* square = squares is null ? null : squares + (group * Lanes.Count);
            float* factor = factors + (group * Lanes.Count);
            float* rounding = offsets + (group * Lanes.Count);
            int* target = panels + ((long)group * BlockPairs * panel.Step);
            for (int at = 0; at < size; at += panel.Elements, target += panelStep)
            {
                int end = Math.Min(at + panel.Elements, size);
                for (int from = at; from < end; from += Lanes.Count)
                {
                    int width = Math.Min(Lanes.Count, end - from);
                    long offset = (long)from * Lanes.Count;
                    Convert(first + offset, factor, rounding, width, tile, square);
                    if (!single)
                    {
                        Convert(
                            second + offset,
                            factor + Lanes.Count,
                            rounding + Lanes.Count,
                            width,
                            tile + BlockPairs,
                            square is null ? null : square + Lanes.Count);
                    }

                    for (int j = 0; j < Lanes.Count; j++)
                    {
                        rows[j] = (float*)(j < width ? tile + (j * Lanes.Count) : zeros);
                    }

                    int* corner = target + (from - at);
                    if (!single)
                    {
                        Transpose.Tile(rows, (float*)corner, panel.Step);
                        continue;
                    }

                    // The rows of the absent partner may be another thread's.
                    Transpose.Tile(rows, (float*)turned, Lanes.Count);
                    for (int pair = 0; pair < BlockPairs; pair++)
                    {
                        Vector512.Load(turned + (pair * Lanes.Count)).Store(corner + ((long)pair * panel.Step));
                    }
                }
            }
        }
    }

    // tile[j] = pairs of 16 lanes of element j, 8 numbers in a row of 16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Convert(
        float* values, float* factors, float* offsets, int width, int* tile, int* squares)
    {
        Vector512<float> factor = Vector512.Load(factors);
        Vector512<float> dropped = Vector512.Equals(factor, Vector512<float>.Zero);
        Vector512<float> offset = Vector512.Load(offsets);
        Vector512<float> sign = Vector512.Create(-0f);
        Vector512<int> sum = squares is null ? Vector512<int>.Zero : Vector512.Load(squares);
        for (int j = 0; j < width; j++)
        {
            Vector512<float> value = Vector512.AndNot(Vector512.Load(values + (j * Lanes.Count)) * factor, dropped);
            Vector512<int> whole = Vector512.ConvertToInt32Native(value + (offset | (value & sign)));
            if (squares is not null)
            {
                sum += whole * whole;
            }

            Pair(whole).Store(tile + (j * Lanes.Count));
        }

        if (squares is not null)
        {
            sum.Store(squares);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Pair(Vector512<int> whole) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector256Int16(whole).AsInt32()
        : Vector256.Narrow(whole.GetLower(), whole.GetUpper()).AsInt32();
}
