using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>Costs that add up whatever made each plan be chosen, and what a sum means as ε.</summary>
internal interface IAdaptiveFilter
{
    /// <summary>Gets an upper bound on a plan's cost; 0 for a free one.</summary>
    /// <exception cref="NotSupportedException">No cost is proven for such an event.</exception>
    double Cost(PrivacyEvent e);

    /// <summary>Gets ε of a sum of costs at the filter's δ, rounded up; 0 of 0, infinite if nothing bounds it.</summary>
    double Epsilon(double cost);
}
