using Research.Privacy.Accounting;

namespace Research.Cli.Account;

/// <summary>A planned run and the δ at which its ε is asked.</summary>
internal readonly record struct Plan(GaussianEvent Event, double Delta);
