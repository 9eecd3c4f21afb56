using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Research.Chain.Primitives;

namespace Research.Cli.Tasks;

/// <summary>What an amount is counted in: a chain's own currency, or an ERC-20 token by its symbol and
/// decimals.</summary>
/// <param name="Token">The token's address; the zero address for the chain's own currency.</param>
/// <param name="Symbol">How an amount is shown.</param>
/// <param name="Decimals">Digits after the point.</param>
internal sealed record Currency(Address Token, string Symbol, int Decimals)
{
    /// <summary>The most decimals with which a token is shown; of more, its smallest unit is.</summary>
    public const int MostDecimals = 36;

    private const int MostSymbol = 12;

    /// <summary>Gets ETH.</summary>
    public static Currency Ether { get; } = new(default, "ETH", 18);

    /// <summary>Gets a chain's own currency.</summary>
    /// <param name="symbol">What it is called; null for ETH.</param>
    public static Currency Native(string? symbol) => symbol is null ? Ether : Ether with { Symbol = symbol };

    /// <summary>Gets the name that no other token has.</summary>
    public string Name => Token.IsZero ? Symbol : $"{Symbol} (token {Token})";

    /// <summary>Makes the currency of a token, whose own words are not believed.</summary>
    /// <param name="token">The token.</param>
    /// <param name="symbol">Its symbol; null where it gives none.</param>
    /// <param name="decimals">Its decimals; null where it gives none.</param>
    /// <param name="native">The chain's own, for which it must not pass.</param>
    public static Currency Of(Address token, string? symbol, BigInteger? decimals, Currency native)
    {
        bool isPlain = symbol is { Length: > 0 and <= MostSymbol }
            && symbol.All(char.IsAsciiLetterOrDigit)
            && !symbol.Equals(Ether.Symbol, StringComparison.OrdinalIgnoreCase) // A token that passes for ETH.
            && !symbol.Equals(native.Symbol, StringComparison.OrdinalIgnoreCase);
        string address = token.ToString();
        bool isCounted = decimals is not null && decimals >= 0 && decimals <= MostDecimals;
        string shown = isPlain ? symbol! : $"{address[..8]}…{address[^4..]}";
        return new Currency(token, isCounted ? shown : $"units of {shown}", isCounted ? (int)decimals! : 0);
    }

    /// <summary>Gets an amount for people, exact: <c>0.05 ETH</c>.</summary>
    /// <param name="amount">The amount in the smallest unit.</param>
    public string Of(Wei amount)
    {
        BigInteger whole = BigInteger.DivRem(amount.Amount, BigInteger.Pow(10, Decimals), out BigInteger rest);
        string fraction = Decimals == 0
            ? ""
            : rest.ToString(CultureInfo.InvariantCulture).PadLeft(Decimals, '0').TrimEnd('0');
        string point = fraction.Length == 0 ? "" : ".";
        return string.Create(CultureInfo.InvariantCulture, $"{whole}{point}{fraction} {Symbol}");
    }

    /// <summary>Reads a decimal number, such as <c>10</c> or <c>0.05</c>, exactly; null where it is none.</summary>
    /// <param name="text">Digits, at most one point, no more digits after it than there are decimals.</param>
    public Wei? Read(string text)
    {
        if (!IsAmount(text))
        {
            return null;
        }

        string[] parts = text.Split('.');
        string fraction = parts.Length == 2 ? parts[1] : "";
        if (fraction.Length > Decimals)
        {
            return null;
        }

        BigInteger units = BigInteger.Parse(
            parts[0] + fraction.PadRight(Decimals, '0'), NumberStyles.None, CultureInfo.InvariantCulture);
        return units >= BigInteger.One << 256 ? null : new Wei(units);
    }

    /// <summary>Says whether a text is a decimal number that some currency could take.</summary>
    public static bool IsAmount(string text)
    {
        string[] parts = text.Split('.');
        return parts.Length is 1 or 2
            && parts.All(part => part.Length is > 0 and <= 60 && part.All(char.IsAsciiDigit));
    }

    /// <summary>Gets the currency as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["token"] = VerbReport.Json(Token),
        ["symbol"] = Symbol,
        ["decimals"] = Decimals,
    };
}
