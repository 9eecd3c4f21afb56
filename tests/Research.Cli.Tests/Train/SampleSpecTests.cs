using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Tests.Tools;
using Research.Training;

namespace Research.Tests.Train;

public sealed class SampleSpecTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("digits-mlp")]
    [InlineData("fashion-mlp")]
    public void File_SampleSpec_IsItsCanonicalFormIndented(string name)
    {
        byte[] file = File.ReadAllBytes(PathOf(name));

        using JsonDocument canonical = JsonDocument.Parse(ModelSpec.Parse(file).ToCanonicalJson());
        using MemoryStream indented = new();
        using (Utf8JsonWriter writer = new(indented, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            canonical.WriteTo(writer);
        }

        Assert.Equal(Encoding.UTF8.GetString(indented.ToArray()) + "\n", Encoding.UTF8.GetString(file));
        Assert.Equal(name, ModelSpec.Parse(file).Name);
    }

    [Fact]
    public async Task Train_Digits_Reaches85PercentAtAnEpsilonBelow3()
    {
        CommandLineResult result = await CommandLine.RunAsync(
            "train", "--spec", PathOf("digits-mlp"), "--data", "digits", "--ledger", _folder["home"],
            "--insecure-noise-seed", "1", "--json");

        JsonNode json = JsonNode.Parse(result.Output)!;
        Assert.True((double)json["heldOut"]!["accuracy"]! >= 0.85, result.Output);
        Assert.InRange((double)json["privacy"]!["epsilon"]!, 1, 3);
        Assert.True((double)json["ledger"]!["epsilonAfter"]! * 2 < (double)json["ledger"]!["epsilonCap"]!);
    }

    // IDX files of the real shape: ten kinds of image, told apart by which rows are bright.
    [Fact]
    public async Task Train_FashionOnSyntheticImages_TellsTheKindsApart()
    {
        WriteImages("train", 3000);
        WriteImages("t10k", 100);
        string spec = _folder.Write("spec.json", File.ReadAllText(PathOf("fashion-mlp"))
            // The real set has 20 times the images.
            .Replace("\"sampleRate\": 0.02", "\"sampleRate\": 0.4", StringComparison.Ordinal)
            .Replace("\"steps\": 400", "\"steps\": 40", StringComparison.Ordinal)
            .Replace("\"epsilonCap\": 8", "\"epsilonCap\": 80", StringComparison.Ordinal));

        CommandLineResult result = await CommandLine.RunAsync(
            "train", "--spec", spec, "--data", $"fashion-mnist:{_folder.Path}", "--ledger", _folder["home"],
            "--epsilon-cap", "80", "--insecure-noise-seed", "1", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(1, (double)JsonNode.Parse(result.Output)!["heldOut"]!["accuracy"]!);
    }

    private static string PathOf(string name) =>
        Path.Combine(ExternalTool.RepositoryRoot, "notebooks", "specs", $"{name}.json");

    private void WriteImages(string part, int count)
    {
        const int Side = 28;
        byte[] images = new byte[16 + (count * Side * Side)];
        byte[] labels = new byte[8 + count];
        foreach ((int value, int offset) in ((int, int)[])[(0x803, 0), (count, 4), (Side, 8), (Side, 12)])
        {
            BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(offset), value);
        }

        BinaryPrimitives.WriteInt32BigEndian(labels, 0x801);
        BinaryPrimitives.WriteInt32BigEndian(labels.AsSpan(4), count);
        for (int i = 0; i < count; i++)
        {
            labels[8 + i] = (byte)(i % 10);
            Span<byte> image = images.AsSpan(16 + (i * Side * Side), Side * Side);
            image.Slice(i % 10 * 2 * Side, 2 * Side).Fill(255);
            BinaryPrimitives.WriteUInt16BigEndian(image[^2..], (ushort)i); // No two are equal.
        }

        _folder.Write($"{part}-images-idx3-ubyte", images);
        _folder.Write($"{part}-labels-idx1-ubyte", labels);
    }
}
