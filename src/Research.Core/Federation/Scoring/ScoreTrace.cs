using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using Research.Storage;

namespace Research.Federation.Scoring;

/// <summary>
/// Writes down every value that went into a round's scores, so that two scorings can be compared line by line.
/// </summary>
internal sealed class ScoreTrace
{
    private readonly JsonObject _document;
    private readonly JsonArray _coalitions = [];
    private readonly JsonArray _scores = [];

    public ScoreTrace(ContentHash start, ReadOnlySpan<byte> beacon, int records) => _document = new JsonObject
    {
        ["format"] = "research-trace/1",
        ["start"] = start.ToString(),
        ["beacon"] = Convert.ToHexStringLower(beacon),
        ["records"] = records,
        ["unitsPerNat"] = RoundScorer.UnitsPerNat,
        ["coalitions"] = _coalitions,
        ["scores"] = _scores,
    };

    public void Coalition(IReadOnlyList<int> members, long totalLoss) => _coalitions.Add((JsonNode)new JsonObject
    {
        ["members"] = new JsonArray([.. members.Select(member => (JsonNode)member)]),
        ["loss"] = totalLoss,
    });

    public void Score(int index, BigInteger points) => _scores.Add((JsonNode)new JsonObject
    {
        ["index"] = index,
        ["points"] = points.ToString(System.Globalization.CultureInfo.InvariantCulture),
    });

    public ReadOnlyMemory<byte> ToJson(ContentHash next)
    {
        _document["model"] = next.ToString();
        return Encoding.UTF8.GetBytes(_document.ToJsonString());
    }
}
