using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>The first line: the owner's terms, and how they are enforced; never changes.</summary>
internal sealed record LedgerHeader
{
    public const string CurrentFormat = "research-privacy-ledger/2";
    public const string FirstFormat = "research-privacy-ledger/1";
    public const string Neighbours = "add or remove one record, or one unit";

    public required DateTimeOffset Time { get; init; }

    public required double EpsilonCap { get; init; }

    public required double Delta { get; init; }

    public required LedgerFilter Filter { get; init; }

    /// <summary>Gets the Rényi filter's one order, chosen when the ledger was made; null of the other.</summary>
    public required double? Order { get; init; }

    /// <summary>Gets the fingerprint of the owner's key; empty while the ledger is not made.</summary>
    public string Key { get; init; } = "";

    public string Hash { get; init; } = "";

    /// <summary>Makes the header of a new ledger.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range, or no release fits.</exception>
    public static LedgerHeader Make(double epsilonCap, double delta, LedgerFilter filter, DateTimeOffset time)
    {
        RenyiConversion.Check(delta);
        if (!(epsilonCap > 0 && double.IsFinite(epsilonCap)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilonCap), epsilonCap, "Expected a finite cap above 0.");
        }

        return new LedgerHeader
        {
            Time = time,
            EpsilonCap = epsilonCap,
            Delta = delta,
            Filter = filter,
            Order = filter switch
            {
                LedgerFilter.Renyi => RenyiFilter.ChooseOrder(epsilonCap, delta),
                LedgerFilter.Gaussian => null,
                _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "Expected Renyi or Gaussian."),
            },
        };
    }

    /// <summary>Makes the filter that this header names.</summary>
    public IAdaptiveFilter MakeFilter() => Filter == LedgerFilter.Gaussian
        ? new GaussianFilter(Delta)
        : new RenyiFilter(Order!.Value, Delta);
}
