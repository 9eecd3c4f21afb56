namespace Research.Privacy.Accounting;

/// <summary>Composes plans in Rényi differential privacy, and converts the total to (ε, δ), rounded up.</summary>
/// <remarks>
/// Neighbours: add or remove one record. ε in nats. Sound for plans whose parameters are fixed before the first
/// release; where later plans may depend on earlier results, the ledger enforces a filter instead.
/// Composition: Mironov 2017, arXiv:1702.07476v3, Proposition 1. One step: <see cref="SubsampledGaussian"/>.
/// Conversion: Canonne, Kamath and Steinke 2020, arXiv:2004.00010v4, Proposition 12, at the best order; each order
/// alone is valid. Rényi divergence loses: 9% of ε is typical, far more at tiny ε. Not safe for concurrent use.
/// </remarks>
public sealed class RdpAccountant
{
    private readonly double[] _divergence = new double[RenyiOrders.All.Count];
    private readonly Dictionary<PrivacyEvent, double[]> _curves = [];
    private bool _isFree = true;

    /// <summary>Gets the orders α at which divergences are kept.</summary>
    public static IReadOnlyList<double> Orders => RenyiOrders.All;

    /// <summary>Adds a plan to everything composed so far.</summary>
    /// <exception cref="NotSupportedException">The event has no such analysis.</exception>
    public void Compose(PrivacyEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.IsFree)
        {
            return;
        }

        PrivacyEvent step = e with { Steps = 1 };
        if (!_curves.TryGetValue(step, out double[]? curve))
        {
            curve = [.. Orders.Select(order => RenyiDivergence.OfOneStep(step, order))];
            _curves.Add(step, curve);
        }

        for (int i = 0; i < curve.Length; i++)
        {
            _divergence[i] += e.Steps * curve[i];
        }

        _isFree = false;
    }

    /// <summary>
    /// Gets an ε for which everything composed so far is (ε, δ)-differentially private; 0 when nothing is.
    /// </summary>
    /// <param name="delta">δ in (0, 1); below 1/records for any meaning.</param>
    /// <returns>Nats, at least the true value: inflated for rounding, then up to the next multiple of 2⁻³².</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> lies outside (0, 1).</exception>
    /// <exception cref="InvalidOperationException">No finite bound exists in double precision.</exception>
    public double Epsilon(double delta) => Best(delta).Epsilon;

    /// <summary>Gets the order whose ε <see cref="Epsilon"/> is.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> lies outside (0, 1).</exception>
    /// <exception cref="InvalidOperationException">No finite bound exists in double precision.</exception>
    public double BestOrder(double delta) => Best(delta).Order;

    private (double Epsilon, double Order) Best(double delta)
    {
        RenyiConversion.Check(delta);
        if (_isFree)
        {
            return (0, Orders[0]);
        }

        (double Epsilon, double Order) best = (double.PositiveInfinity, 0);
        for (int i = 0; i < _divergence.Length; i++)
        {
            double epsilon = _divergence[i] + RenyiConversion.Cost(Orders[i], delta);
            if (double.IsNaN(epsilon))
            {
                throw new InvalidOperationException($"The divergence of order {Orders[i]} is not a number.");
            }

            best = epsilon < best.Epsilon ? (epsilon, Orders[i]) : best;
        }

        return double.IsFinite(best.Epsilon)
            ? (RenyiConversion.RoundUp(best.Epsilon), best.Order)
            : throw new InvalidOperationException(
                "No finite epsilon bounds what was composed: there is too little noise.");
    }
}
