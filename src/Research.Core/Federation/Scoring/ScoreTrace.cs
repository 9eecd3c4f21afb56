using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Research.Federation.Rewards;
using Research.Storage;

namespace Research.Federation.Scoring;

/// <summary>
/// Writes down every value that went into a round's scores, so that two scorings can be compared line by line.
/// </summary>
internal sealed class ScoreTrace
{
    private readonly JsonObject _document;
    private readonly JsonArray _updates = [];

    public ScoreTrace(int round, ContentHash start, ContentHash evaluation, RewardMeasure measure) =>
        _document = new JsonObject
        {
            ["format"] = "research-trace/3",
            ["round"] = round,
            ["start"] = start.ToString(),
            ["evaluation"] = evaluation.ToString(),
            ["direction"] = ContentHash.Of(MemoryMarshal.AsBytes(measure.Direction)).ToString(),
            ["mostSquared"] = Text(measure.MostSquared),
            ["unpaid"] = Text(measure.Unpaid),
            ["cap"] = Text(measure.Cap),
            ["leastEnergy"] = Text(measure.LeastEnergy),
            ["updates"] = _updates,
        };

    public void Add(Paid paid) => _updates.Add((JsonNode)new JsonObject
    {
        ["index"] = paid.Score.Index,
        ["update"] = paid.Update?.ToString(),
        ["signal"] = Text(paid.Measure.Signal),
        ["squared"] = Text(paid.Measure.Squared),
        ["beside"] = Text(paid.Measure.Beside),
        ["copyOf"] = paid.Score.CopyOf,
        ["points"] = Text(paid.Score.Points),
    });

    public ReadOnlyMemory<byte> ToJson(ContentHash next)
    {
        _document["model"] = next.ToString();
        return Encoding.UTF8.GetBytes(_document.ToJsonString());
    }

    private static string Text(BigInteger number) => number.ToString(CultureInfo.InvariantCulture);
}
