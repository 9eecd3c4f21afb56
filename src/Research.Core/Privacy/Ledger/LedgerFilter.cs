namespace Research.Privacy.Ledger;

/// <summary>How a ledger enforces its cap over plans chosen adaptively; fixed when the ledger is made.</summary>
/// <remarks>
/// Two filters cannot be joined: "the smaller of both" would depend on results that chose the plans, and no theorem
/// covers it. So a ledger has one. Choose <see cref="Renyi"/> unless every release reads all records: training on
/// samples (DP-SGD) needs it. Choose <see cref="Gaussian"/> for noisy sums, statistics, whole updates and local
/// reports: it gives away nothing there, and lets some 5% to 20% less noise (or more releases) through.
/// </remarks>
public enum LedgerFilter
{
    /// <summary>
    /// The sum of Rényi divergences at one order: any event with such an analysis, subsampled ones above all.
    /// </summary>
    Renyi,

    /// <summary>
    /// The sum of μ² of Gaussian differential privacy: full-batch Gaussian events (rate 1), and events with a pure ε.
    /// Others are refused.
    /// </summary>
    Gaussian,
}
