using System.Text.Json;
using Research.Tests.Tools;

namespace Research.Tests.Training;

/// <summary>Numbers of tests/Fixtures/optimizers.json, which PyTorch made.</summary>
internal static class TorchRows
{
    public static JsonElement Root { get; } = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(ExternalTool.RepositoryRoot, "tests", "Fixtures", "optimizers.json")))
        .RootElement;

    public static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetSingle())];

    public static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];

    /// <summary>Fails unless each value is within a part of the expected one, or of 1 if that is smaller.</summary>
    public static void AssertNear(double[] expected, IReadOnlyList<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance * Math.Max(1, Math.Abs(expected[i])));
        }
    }
}
