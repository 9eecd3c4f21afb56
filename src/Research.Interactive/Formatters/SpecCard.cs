using System.Globalization;
using System.Text.Json;
using Research.Plotting;
using Research.Privacy;
using Research.Training;

namespace Research.Interactive.Formatters;

/// <summary>A specification: its layers, how it is trained, and what that costs.</summary>
internal static class SpecCard
{
    private const int MostLayers = 40;

    public static Card Of(ModelSpec spec)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(spec.ToCanonicalJson());
            return Valid(spec, document.RootElement);
        }
        catch (SpecException e)
        {
            return new Card($"ModelSpec {spec.Name}").Line("not valid", e.Message);
        }
    }

    /// <summary>Writes what a specification's plan costs, or that nothing bounds it.</summary>
    public static string Cost(ModelSpec spec)
    {
        if (spec.Privacy is not { } privacy)
        {
            return "none: it trains without noise";
        }

        string at = $"at δ {EpsilonText.Exact(privacy.Delta)} ({EpsilonText.Neighbours})";
        return EpsilonText.Of(spec.PrivacyEvents, privacy.Delta) is double epsilon
            ? $"ε {EpsilonText.Spent(epsilon)} a run, an upper bound, {at}"
            : $"no finite ε {at}: too little noise";
    }

    private static Card Valid(ModelSpec spec, JsonElement json)
    {
        IReadOnlyList<ParameterTensor> parameters = spec.GetParameters();
        JsonElement model = json.GetProperty("model");
        Card card = new Card($"ModelSpec {spec.Name}")
            .Line("spec hash", spec.Hash.ToString())
            .Line("input", Shape(spec.Model.Input))
            .Line("parameters", Count(parameters.Sum(parameter => (long)parameter.Length)));
        if (model.TryGetProperty("features", out JsonElement features))
        {
            card.Line("features", Words(features));
        }

        card.Line("loss", Words(json.GetProperty("loss")))
            .Line("optimizer", Words(json.GetProperty("optimizer")))
            .Line("training", Words(json.GetProperty("training")))
            .Line("privacy", spec.Privacy is null ? Cost(spec) : Words(json.GetProperty("privacy")));
        if (spec.Privacy is not null)
        {
            card.Line("cost", Cost(spec));
        }

        if (spec.Task is { } task)
        {
            card.Line("task", string.Create(CultureInfo.InvariantCulture, $"{task.Rounds} rounds, licence {task.Licence}"))
                .Line("consent", task.Consent);
        }

        return card.Table(Layers(model.GetProperty("layers"), parameters));
    }

    private static ResultTable Layers(JsonElement layers, IReadOnlyList<ParameterTensor> parameters)
    {
        List<LayerRow> rows = [];
        int index = 0;
        foreach (JsonElement layer in layers.EnumerateArray().Take(MostLayers))
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"layers.{index}.");
            long learned = parameters
                .Where(parameter => parameter.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Sum(parameter => (long)parameter.Length);
            rows.Add(new LayerRow(index++.ToString(CultureInfo.InvariantCulture), Words(layer), Count(learned)));
        }

        int hidden = layers.GetArrayLength() - rows.Count;
        if (hidden > 0)
        {
            rows.Add(new LayerRow("…", string.Create(CultureInfo.InvariantCulture, $"and {hidden} more"), ""));
        }

        return ResultTable.Of(rows);
    }

    /// <summary>Writes an object of the document: its type, then its other members.</summary>
    private static string Words(JsonElement json)
    {
        IEnumerable<string> members = json.EnumerateObject()
            .Where(member => member.Name != "type")
            .Select(member => $"{member.Name} {Value(member.Value)}");
        string type = json.TryGetProperty("type", out JsonElement name) ? name.GetString()! : "";
        string rest = string.Join(", ", members);
        return type.Length == 0 ? rest : rest.Length == 0 ? type : $"{type}: {rest}";
    }

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"({Words(value)})",
        JsonValueKind.Array when value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.Object =>
            $"[{string.Join("; ", value.EnumerateArray().Select(Words))}]",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };

    private static string Shape(IReadOnlyList<int> shape) => $"[{string.Join(", ", shape)}]";

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record LayerRow(string Number, string Layer, string Parameters);
}
