using Research.Privacy.Clipping;

namespace Research.Training;

/// <summary>How the pass bounds each example's gradient.</summary>
/// <param name="Mode">The form.</param>
/// <param name="Norm">The clip norm over all parameters together.</param>
internal readonly record struct Clipping(ClippingMode Mode, double Norm)
{
    /// <summary>Gets the factor by which an example's gradient by one layer enters the sum.</summary>
    /// <param name="squaredNorm">Squared norm of the whole gradient.</param>
    /// <param name="ownSquaredNorm">Squared norm of the layer's part.</param>
    /// <param name="layers">Number of layers with parameters.</param>
    public float Factor(double squaredNorm, double ownSquaredNorm, int layers) => Mode switch
    {
        ClippingMode.Automatic => L2Clipping.AutomaticFactor(squaredNorm, Norm),
        ClippingMode.PerLayer => L2Clipping.Factor(ownSquaredNorm, L2Clipping.LayerBound(Norm, layers)),
        _ => L2Clipping.Factor(squaredNorm, Norm),
    };
}
