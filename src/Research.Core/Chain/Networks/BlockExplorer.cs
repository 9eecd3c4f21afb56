using System.Globalization;
using Research.Chain.Primitives;

namespace Research.Chain.Networks;

/// <summary>A web site that shows what is on a chain: where to look at a hash.</summary>
/// <remarks>Source: EIP-3091, whose paths most explorers have. Nothing is ever asked of it: links are shown.</remarks>
/// <param name="TransactionTemplate">A link in which <c>{}</c> stands for a transaction's hash.</param>
/// <param name="AddressTemplate">A link in which <c>{}</c> stands for an address.</param>
/// <param name="BlockTemplate">A link in which <c>{}</c> stands for a block's number.</param>
public sealed record BlockExplorer(string TransactionTemplate, string AddressTemplate, string BlockTemplate)
{
    private const string Place = "{}";

    /// <summary>Gets the link to a transaction.</summary>
    /// <param name="hash">Its hash.</param>
    public string Transaction(Bytes32 hash) => Fill(TransactionTemplate, hash.ToString());

    /// <summary>Gets the link to an account or a contract.</summary>
    /// <param name="address">The account.</param>
    public string Account(Address address) => Fill(AddressTemplate, address.ToString());

    /// <summary>Gets the link to a block.</summary>
    /// <param name="number">Its number.</param>
    public string Block(ulong number) => Fill(BlockTemplate, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Says whether a link is one: http or https, with exactly one place.</summary>
    internal static bool IsTemplate(string template) =>
        template.Split(Place) is [_, _]
        && Uri.TryCreate(Fill(template, "0"), UriKind.Absolute, out Uri? uri)
        && uri.Scheme is "http" or "https"
        && uri.UserInfo.Length == 0;

    private static string Fill(string template, string value) => template.Replace(Place, value, StringComparison.Ordinal);
}
