using Research.Tensors;

namespace Research.Privacy.Mechanisms;

/// <summary>Draws whole numbers distributed as the cell of width 1 into which a Gaussian falls.</summary>
/// <remarks>
/// <para>
/// With N ~ N(0, S²) and S = <see cref="Deviation"/>, a draw is m ≥ 0 and a sign: +(m + ½) when m ≤ N &lt; m + 1, and
/// −(m + ½) when m &lt; −N ≤ m + 1. It is the centre of the cell, so value + draw is post-processing of value + N.
/// Symmetric, with no zero to treat apart.
/// </para>
/// <para>
/// Ziggurat in integers (after Marsaglia and Tsang 2000, J. Stat. Softw. 5(8)): layer i is a rectangle of Xᵢ cells and
/// height A/Xᵢ on top of the layers below, so all have area A exactly, whatever the whole numbers Xᵢ are. Rejection
/// from it is exact when the layers cover the graph of <see cref="GaussianCell.Mass"/> (in these units e^(−t²/2),
/// averaged over the cell) and a draw under the graph is kept, one above it repeated. Only rounding of the comparison
/// could err: it is made in double precision with a margin and, within the margin, in whole numbers of any length. What
/// remains is the cut at <see cref="Cutoff"/>. Proof in Privacy/PROOFS.md; tests hold the table to exact bounds.
/// </para>
/// </remarks>
internal static class GaussianZiggurat
{
    /// <summary>Standard deviation S, in cells.</summary>
    public const double Deviation = 16777216.0; // 2²⁴

    /// <summary>Magnitudes lie below it: 16 standard deviations.</summary>
    public const uint Cutoff = 1 << 28;

    /// <summary>Probability of what is cut off: erfc(16/√2) = 1.28e-57 is below 2⁻¹⁸⁸.</summary>
    public const double CutMass = 2.5489470578119236e-57;

    /// <summary>Bits of a word that choose the layer; the next one is the sign.</summary>
    public const int LayerBits = 11;

    /// <summary>Number of layers.</summary>
    public const int Layers = 1 << LayerBits;

    /// <summary>Area of a layer, A, in cells: the least whole number for which the layers reach the top.</summary>
    public const int Area = 10282;

    /// <summary>Bits of a word that choose the cell within the layer.</summary>
    public const int CellBits = 63 - LayerBits;

    // Double precision errs by less than 2⁻³¹ in units of a layer's height; see PROOFS.md.
    private const double Margin = 3.725290298461914e-09; // 2⁻²⁸
    private const double PerTwoTo64 = 5.421010862427522e-20;

    // Layer i: in the lower half its width Xᵢ, in the upper half how many cells are sure, that is, under the graph over
    // the whole height of the layer.
    private static readonly ulong[] Table = new ulong[Layers];
    private static readonly double[] Bottoms = new double[Layers];

    static GaussianZiggurat()
    {
        double bottom = 0;
        ulong width = Cutoff;
        for (int i = 0; i < Layers; i++)
        {
            Bottoms[i] = bottom;
            bottom += Area / (double)width;

            // The next layer ends where the graph sinks to its bottom. One cell is added, and one more is not sure,
            // for rounding. Above the last layer there is nothing.
            double t = bottom < 1 ? Math.Sqrt(-2 * DoubleLog.Of(bottom)) : 0;
            ulong next = (ulong)Math.Floor((t * Deviation) + 1.5);
            ulong sure = next < 3 ? 0 : next - 3;
            Table[i] = (sure << 32) | width;
            width = next;
        }
    }

    /// <summary>Gets the table: width of each layer, and sure cells above bit 32.</summary>
    public static ReadOnlySpan<ulong> Entries => Table;

    /// <summary>Gets the number of cells of a layer.</summary>
    public static uint Width(int layer) => (uint)Table[layer];

    /// <summary>Gets the number of cells of which it is sure that the graph lies above the layer.</summary>
    public static uint SureCells(int layer) => (uint)(Table[layer] >> 32);

    /// <summary>Draws one number.</summary>
    /// <param name="word">Its uniform word.</param>
    /// <param name="more">Where further words come from.</param>
    /// <returns>A whole number and a half.</returns>
    public static double Draw<TWords>(ulong word, ref TWords more)
        where TWords : struct, IWords, allows ref struct
    {
        while (true)
        {
            int layer = (int)(word & (Layers - 1));
            ulong width = Width(layer);
            ulong high = Math.BigMul(word >> (LayerBits + 1) << (LayerBits + 1), width, out ulong low);

            // Lemire 2019, arXiv:1805.10941, Lemma 4.1: exactly uniform once the product's lower part, here of
            // CellBits bits, is at least 2^CellBits mod width.
            if (low >> (LayerBits + 1) >= (1UL << CellBits) % width
                && (high < SureCells(layer) || IsUnder(layer, (uint)high, ref more)))
            {
                double magnitude = high + 0.5;
                return (word & Layers) == 0 ? magnitude : -magnitude;
            }

            word = more.Next();
        }
    }

    /// <summary>Gets (mass − bottom of the layer)/(its height), within 2⁻³¹ for cells that are not sure.</summary>
    internal static double PartOfLayer(int layer, uint cell) =>
        (GaussianCell.Mass(cell) - Bottoms[layer]) * Width(layer) / Area;

    // Is a uniform height within the layer below the graph?
    private static bool IsUnder<TWords>(int layer, uint cell, ref TWords more)
        where TWords : struct, IWords, allows ref struct
    {
        double part = PartOfLayer(layer, cell);
        ulong word = more.Next();
        double height = word * PerTwoTo64;
        if (height < part - Margin)
        {
            return true;
        }

        return height <= part + Margin && GaussianCell.IsBelow(layer, cell, word, ref more);
    }
}
