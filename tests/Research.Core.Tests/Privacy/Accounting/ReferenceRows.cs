using System.Text.Json;
using Research.Tests.Tools;

namespace Research.Tests.Privacy.Accounting;

/// <summary>Rows of tests/Fixtures/privacy.json, whose note tells where the truths come from.</summary>
internal static class ReferenceRows
{
    private static readonly JsonElement Root = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(ExternalTool.RepositoryRoot, "tests", "Fixtures", "privacy.json"))).RootElement;

    public static IEnumerable<JsonElement> Section(string name) => Root.GetProperty(name).EnumerateArray();

    public static double Number(this JsonElement row, string member)
    {
        JsonElement value = row.GetProperty(member);
        return value.ValueKind == JsonValueKind.String
            ? double.Parse(value.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
            : value.GetDouble();
    }
}
