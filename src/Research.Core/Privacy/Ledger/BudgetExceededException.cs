using System.Globalization;

namespace Research.Privacy.Ledger;

/// <summary>Thrown when a charge would take a record's ε past its owner's cap; nothing was written.</summary>
public sealed class BudgetExceededException : Exception
{
    /// <summary>Creates the refusal.</summary>
    /// <param name="quote">What was asked.</param>
    /// <param name="fittingNoise">The noise multiplier that would fit; null where none does.</param>
    public BudgetExceededException(LedgerQuote quote, double? fittingNoise)
        : base(Text(quote, fittingNoise))
    {
        Quote = quote;
        FittingNoise = fittingNoise;
    }

    /// <summary>Gets what was asked: ε before and after, and the cap.</summary>
    public LedgerQuote Quote { get; }

    /// <summary>Gets the noise multiplier with which the plan would fit; null where none does.</summary>
    public double? FittingNoise { get; }

    private static string Text(LedgerQuote quote, double? noise)
    {
        ArgumentNullException.ThrowIfNull(quote);
        string after = double.IsFinite(quote.After) ? Up(quote.After) : "infinity";
        string fits = noise is double sigma
            ? string.Create(CultureInfo.InvariantCulture, $"A noise multiplier of {sigma:R} would fit")
            : "No noise multiplier would fit";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"This would raise epsilon from {Up(quote.Before)} to {after} at delta {quote.Delta:R} (the ledger's; "
            + $"{LedgerHeader.Neighbours}), past the owner's cap of {quote.Cap:R}. {fits}. Nothing was charged.");
    }

    private static string Up(double epsilon) =>
        (Math.Ceiling(epsilon * 10_000) / 10_000).ToString("0.0000", CultureInfo.InvariantCulture);
}
