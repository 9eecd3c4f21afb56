using System.Text;
using System.Text.Json.Nodes;
using Research.Chain.Networks;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Cli.Tasks;

/// <summary>What a verb did, gathered once and written as lines for people or as one JSON document.</summary>
/// <param name="network">The chain, whose explorer shows what is named; null for none.</param>
internal sealed class VerbReport(EthereumNetwork? network = null)
{
    private const int LabelWidth = 12;

    private readonly Currency _native = Currency.Native(network?.Symbol);
    private readonly StringBuilder _text = new();
    private readonly JsonObject _document = [];

    /// <summary>Adds a line of the text.</summary>
    public VerbReport Line(string label, string text)
    {
        _text.Append(label.Length < LabelWidth ? label.PadRight(LabelWidth) : $"{label} ").Append(text).Append('\n');
        return this;
    }

    /// <summary>Adds a field of the document.</summary>
    public VerbReport Field(string name, JsonNode? value)
    {
        _document[name] = value;
        return this;
    }

    /// <summary>Adds the same to both.</summary>
    public VerbReport Both(string name, string value) => Line(name, value).Field(name, value);

    /// <summary>Adds a transaction that was mined.</summary>
    public VerbReport Transaction(TransactionReceipt receipt)
    {
        Line("transaction", $"{receipt.TransactionHash} in block {receipt.BlockNumber}, fee {_native.Of(receipt.Fee)}");
        return Link(receipt).Field("transaction", Json(receipt));
    }

    /// <summary>Adds a line with where to look at a transaction, if anywhere.</summary>
    public VerbReport Link(TransactionReceipt receipt)
    {
        Link(network?.Explorer?.Transaction(receipt.TransactionHash));
        return this;
    }

    /// <summary>Adds an account or a contract to both, with where to look at it.</summary>
    public VerbReport Account(string name, Address account)
    {
        string? link = network?.Explorer?.Account(account);
        Both(name, account.ToString());
        Link(link);
        return link is null ? this : Field($"{name}Link", link);
    }

    /// <summary>Says that a step was taken before, so that nothing was sent.</summary>
    public VerbReport Repeated(string label, string text) =>
        Line(label, $"{text}; nothing was sent").Field("repeated", true);

    /// <summary>Gets a transaction as JSON.</summary>
    public JsonObject Json(TransactionReceipt receipt)
    {
        JsonObject json = new()
        {
            ["hash"] = receipt.TransactionHash.ToString(),
            ["block"] = receipt.BlockNumber,
            ["gasUsed"] = receipt.GasUsed,
            ["feeWei"] = Json(receipt.Fee),
        };
        if (network?.Explorer is { } explorer)
        {
            json["link"] = explorer.Transaction(receipt.TransactionHash);
        }

        return json;
    }

    /// <summary>Gets an amount as JSON: text, because it does not fit into a double.</summary>
    public static JsonNode Json(Wei amount) =>
        amount.Amount.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Gets an account as JSON: null for the zero address, which stands for nobody.</summary>
    public static JsonNode? Json(Address account) => account.IsZero ? null : account.ToString();

    private void Link(string? link)
    {
        if (link is not null)
        {
            Line("", link);
        }
    }

    /// <summary>Writes one of the two.</summary>
    public Task WriteAsync(bool json, TextWriter output) => output.WriteLineAsync(
        json
            ? JsonReport.Write(writer => _document.WriteTo(writer))
            : TerminalText.Clean(_text.ToString().TrimEnd('\n')));
}
