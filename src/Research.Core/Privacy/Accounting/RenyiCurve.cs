using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Upper bounds on the Rényi divergence of a plan, one for each of <see cref="RenyiOrders"/>.</summary>
/// <remarks>Conversion: Canonne, Kamath and Steinke 2020, arXiv:2004.00010v4, Proposition 12, at the best
/// order.</remarks>
internal sealed class RenyiCurve
{
    private const double Rounding = 1 + 1e-12; // Of sums and products of divergences.
    private const double Margin = 1e-11; // Of the logarithms' magnitude.

    private readonly double[] _divergences;

    /// <summary>Creates a curve from the divergence at each order; infinite where none is known.</summary>
    public RenyiCurve(Func<double, double> divergence) => _divergences = [.. RenyiOrders.All.Select(divergence)];

    /// <summary>Gets the curve of all steps of an event.</summary>
    public static RenyiCurve Of(PrivacyEvent e) => new(order => RenyiDivergence.OfOneStep(e, order) * e.Steps);

    /// <summary>Gets the curve of a plan run a number of times.</summary>
    public RenyiCurve Times(int count) => Map(i => count == 0 ? 0 : _divergences[i] * count * Rounding);

    /// <summary>Gets the curve of this plan and another.</summary>
    public RenyiCurve Plus(RenyiCurve other) => Map(i => (_divergences[i] + other._divergences[i]) * Rounding);

    /// <summary>Gets the least ε over the orders, rounded up.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <exception cref="InvalidOperationException">No order gives a finite bound.</exception>
    public double Epsilon(double delta)
    {
        RenyiConversion.Check(delta);
        double least = Best(delta);
        return double.IsFinite(least)
            ? RenyiConversion.RoundUp(least)
            : throw new InvalidOperationException("No finite epsilon bounds this plan: there is too little noise.");
    }

    /// <summary>Gets the least ε over the orders, 0 or more; infinite where no order gives a finite bound.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <exception cref="InvalidOperationException">A divergence is not a number.</exception>
    public double Best(double delta)
    {
        double least = double.PositiveInfinity;
        for (int i = 0; i < _divergences.Length; i++)
        {
            double epsilon = _divergences[i] + RenyiConversion.Cost(RenyiOrders.All[i], delta);
            least = double.IsNaN(epsilon)
                ? throw new InvalidOperationException($"The divergence of order {RenyiOrders.All[i]} is not a number.")
                : Math.Min(least, epsilon);
        }

        return Math.Max(0, least);
    }

    /// <summary>Gets the least δ over the orders, rounded up; 1 at most.</summary>
    /// <param name="epsilon">ε, 0 or more.</param>
    public double Delta(double epsilon)
    {
        double least = 0; // ln δ
        for (int i = 0; i < _divergences.Length; i++)
        {
            double order = RenyiOrders.All[i];
            double gain = (order - 1) * (_divergences[i] - epsilon);
            double cost = ((order - 1) * DoubleLog1P.Of(-1 / order)) - DoubleLog.Of(order);
            double margin = Margin * (((order - 1) * (_divergences[i] + epsilon)) - cost);
            double logDelta = gain + cost + margin;
            least = logDelta < least ? logDelta : least;
        }

        return DoubleExp.Of(least);
    }

    private RenyiCurve Map(Func<int, double> divergence)
    {
        double[] divergences = new double[_divergences.Length];
        for (int i = 0; i < divergences.Length; i++)
        {
            divergences[i] = divergence(i);
        }

        return new RenyiCurve(divergences);
    }

    private RenyiCurve(double[] divergences) => _divergences = divergences;
}
