using System.Globalization;
using Research.Chain.Primitives;
using Research.Plotting;
using Research.Storage;

namespace Research.Interactive.Formatters;

/// <summary>Values that are one text: exact amounts, checksummed addresses, hashes.</summary>
internal static class ScalarAppearance
{
    public static Appearance Of(Wei amount)
    {
        string wei = amount.Amount.ToString(CultureInfo.InvariantCulture);
        return new Appearance($"<span title=\"{wei} wei\">{PlainText.Escape(amount.ToString())}</span>", amount.ToString());
    }

    public static Appearance Of(Address address) => Code(address.ToString());

    public static Appearance Of(Bytes24 bytes) => Code(bytes.ToString());

    public static Appearance Of(Bytes32 bytes) => Code(bytes.ToString());

    public static Appearance Of(ContentHash hash) => Code(hash.ToString());

    private static Appearance Code(string text) => new($"<code>{PlainText.Escape(text)}</code>", text);
}
