using System.Text.Json;
using Research.Tests.Tools;
using Research.Training.Data;
using Research.Training.Data.Scattering;

namespace Research.Tests.Training.Data.Scattering;

/// <summary>An image and its features from tests/Fixtures/scattering.json, made by scattering.py in double.</summary>
internal sealed record ScatteringCase(
    ScatteringFeatures Features, int Groups, int[] Shape, float[] Image, int[] OutputShape, int Every,
    double[] Expected, double[] Normalized)
{
    public const int Count = 6;

    public Dataset Data => new(Image, new int[1], Shape, 1);

    public static ScatteringCase Load(int index)
    {
        string path = Path.Combine(ExternalTool.RepositoryRoot, "tests", "Fixtures", "scattering.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement item = document.RootElement.GetProperty("cases")[index];
        return new ScatteringCase(
            new ScatteringFeatures(Int("scales"), Int("angles")),
            Int("groups"),
            [1, Int("height"), Int("width")],
            [.. item.GetProperty("bytes").EnumerateArray().Select(pixel => pixel.GetInt32() / 255f)],
            [.. item.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())],
            Int("every"),
            Numbers("features"),
            Numbers("normalized"));

        int Int(string name) => item.GetProperty(name).GetInt32();

        double[] Numbers(string name) => [.. item.GetProperty(name).EnumerateArray().Select(x => x.GetDouble())];
    }
}
