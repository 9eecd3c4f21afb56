namespace Research.Cli.Account;

/// <summary>What an accountant says of ε.</summary>
/// <param name="Lower">A lower bound, where the accountant has one.</param>
/// <param name="Upper">An upper bound.</param>
internal readonly record struct EpsilonRange(double? Lower, double Upper);
