using Research.Privacy.Clipping;
using Research.Privacy.Sums;

namespace Research.Training;

/// <summary>How the pass bounds each example's gradient.</summary>
/// <param name="Mode">The form.</param>
/// <param name="Norm">The clip norm over all parameters together.</param>
/// <param name="Grid">The lattice of the sum, made for the same norm.</param>
internal readonly record struct Clipping(ClippingMode Mode, double Norm, SumGrid Grid)
{
    /// <summary>Gets the largest factor there is: that of gradients too small to be clipped.</summary>
    public double MostStepsPerUnit => Factor(0, 0, layers: 1);

    /// <summary>Gets the factor that takes an example's gradient by one layer to clipped grid steps.</summary>
    /// <param name="squaredNorm">Squared norm of the whole gradient.</param>
    /// <param name="ownSquaredNorm">Squared norm of the layer's part.</param>
    /// <param name="layers">Number of layers with parameters.</param>
    /// <returns>Rounded down; 0 where a norm is not finite.</returns>
    public float Factor(double squaredNorm, double ownSquaredNorm, int layers)
    {
        float factor = Mode switch
        {
            ClippingMode.Automatic => L2Clipping.AutomaticFactor(squaredNorm, Norm),
            ClippingMode.PerLayer => L2Clipping.Factor(ownSquaredNorm, L2Clipping.LayerBound(Norm, layers)),
            _ => L2Clipping.Factor(squaredNorm, Norm),
        };
        return L2Clipping.RoundDown(factor * Grid.StepsPerUnit);
    }
}
