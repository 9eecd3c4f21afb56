using System.Text;
using System.Text.Json.Nodes;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Cli.Tasks;

/// <summary>What a verb did, gathered once and written as lines for people or as one JSON document.</summary>
internal sealed class VerbReport
{
    private const int LabelWidth = 12;

    private readonly StringBuilder _text = new();
    private readonly JsonObject _document = [];

    /// <summary>Adds a line of the text.</summary>
    public VerbReport Line(string label, string text)
    {
        _text.Append($"{label,-LabelWidth}").Append(text).Append('\n');
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
    public VerbReport Transaction(TransactionReceipt receipt) => Line(
            "transaction", $"{receipt.TransactionHash} in block {receipt.BlockNumber}, fee {receipt.Fee}")
        .Field("transaction", Json(receipt));

    /// <summary>Says that a step was taken before, so that nothing was sent.</summary>
    public VerbReport Repeated(string label, string text) =>
        Line(label, $"{text}; nothing was sent").Field("repeated", true);

    /// <summary>Gets a transaction as JSON.</summary>
    public static JsonObject Json(TransactionReceipt receipt) => new()
    {
        ["hash"] = receipt.TransactionHash.ToString(),
        ["block"] = receipt.BlockNumber,
        ["gasUsed"] = receipt.GasUsed,
        ["feeWei"] = Json(receipt.Fee),
    };

    /// <summary>Gets an amount as JSON: text, because it does not fit into a double.</summary>
    public static JsonNode Json(Wei amount) =>
        amount.Amount.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Gets an account as JSON: null for the zero address, which stands for nobody.</summary>
    public static JsonNode? Json(Address account) => account.IsZero ? null : account.ToString();

    /// <summary>Writes one of the two.</summary>
    public Task WriteAsync(bool json, TextWriter output) => output.WriteLineAsync(
        json
            ? JsonReport.Write(writer => _document.WriteTo(writer))
            : TerminalText.Clean(_text.ToString().TrimEnd('\n')));
}
