using System.Text;
using Research.Training;
using Research.Training.Data.Scattering;
using Research.Training.Layers;

namespace Research.Tests.Training.Data.Scattering;

public sealed class ScatteringFeaturesTests
{
    private static ModelSpec Spec(ScatteringFeatures? features, int[] input, int inputs) => Specs.DigitsMlp with
    {
        Model = new ModelSection(input, 1, [new Flatten(), new Linear(inputs, 10)], features),
    };

    public static TheoryData<FeatureNormalization?, string> Normalizations => new()
    {
        { null, "" },
        { new GroupNormalization(27), ",\"normalization\":{\"groups\":27,\"type\":\"group\"}" },
        { new DataNormalization(8.5), ",\"normalization\":{\"noiseMultiplier\":8.5,\"type\":\"data\"}" },
    };

    [Theory]
    [MemberData(nameof(Normalizations))]
    public void ToCanonicalJson_Features_ReadBackTheSame(FeatureNormalization? normalization, string json)
    {
        ModelSpec spec = Spec(new ScatteringFeatures(2, 8, normalization), [1, 28, 28], 3969);

        byte[] canonical = spec.ToCanonicalJson();

        string expected = $"\"features\":{{\"angles\":8{json},\"scales\":2,\"type\":\"scattering\"}}";
        Assert.Contains(expected, Encoding.UTF8.GetString(canonical));
        ModelSpec read = ModelSpec.Parse(canonical);
        Assert.Equal(spec.Model.Features, read.Model.Features);
        Assert.Equal(spec.Hash, read.Hash);
    }

    [Fact]
    public void ToCanonicalJson_NoFeatures_DoesNotNameThem() =>
        Assert.DoesNotContain("features", Encoding.UTF8.GetString(Specs.DigitsMlp.ToCanonicalJson()));

    [Fact]
    public void Validate_Layers_SeeTheShapeOfTheFeatures()
    {
        SpecException e = Assert.Throws<SpecException>(
            () => Spec(new ScatteringFeatures(), [1, 28, 28], 784).Validate());

        Assert.Equal("$.model.layers[1].inputs: expected 3969 (the size that arrives there), got 784.", e.Message);
    }

    public static TheoryData<ScatteringFeatures, int[], string> Bad => new()
    {
        { new(0), [1, 28, 28], "$.model.features.scales: expected a whole number from 1 to 3, got 0." },
        { new(4), [1, 32, 32], "$.model.features.scales: expected a whole number from 1 to 3, got 4." },
        { new(2, 0), [1, 28, 28], "$.model.features.angles: expected a whole number from 1 to 16, got 0." },
        { new(2, 17), [1, 28, 28], "$.model.features.angles: expected a whole number from 1 to 16, got 17." },
        { new(3), [1, 28, 28], Image(3, 8, "[1, 28, 28]") },
        { new(), [3, 32, 32], Image(2, 4, "[3, 32, 32]") },
        { new(), [784], Image(2, 4, "[784]") },
        { new(), [1, 132, 4], Image(2, 4, "[1, 132, 4]") },
        {
            new(2, 8, new GroupNormalization(10)), [1, 28, 28],
            "$.model.features.normalization.groups: expected a divisor of the 81 channels, got 10."
        },
        {
            new(2, 8, new GroupNormalization(0)), [1, 28, 28],
            "$.model.features.normalization.groups: expected a whole number from 1 to 81, got 0."
        },
        {
            new(2, 8, new DataNormalization(0)), [1, 28, 28],
            "$.model.features.normalization.noiseMultiplier: expected a number in [1e-6, 10000], got 0."
        },
        {
            new(2, 8, new DataNormalization(double.NaN)), [1, 28, 28],
            "$.model.features.normalization.noiseMultiplier: expected a number in [1e-6, 10000], got NaN."
        },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Validate_BadFeatures_SaysWhatIsWrong(ScatteringFeatures features, int[] input, string message)
    {
        SpecException e = Assert.Throws<SpecException>(() => Spec(features, input, 10).Validate());

        Assert.Equal(message, e.Message);
        Assert.Equal(message, Assert.Throws<SpecException>(() => ScatteringTransform.For(features, input)).Message);
    }

    [Theory]
    [InlineData("\"scattering\"", "\"fourier\"", "type: expected scattering, got \"fourier\".")]
    [InlineData("\"group\"", "\"batch\"", "normalization.type: expected group or data, got \"batch\".")]
    [InlineData("\"scales\":2,", "", "scales: expected a whole number, got nothing.")]
    [InlineData(
        "\"groups\":27,",
        "\"groups\":27,\"mean\":0,",
        "normalization.mean: expected only type, groups here, got an unknown field.")]
    public void Parse_BadDocument_SaysWhere(string find, string replace, string message)
    {
        ScatteringFeatures features = new(2, 8, new GroupNormalization());
        string json = Encoding.UTF8.GetString(Spec(features, [1, 28, 28], 3969).ToCanonicalJson());
        Assert.Contains(find, json);

        string edited = json.Replace(find, replace, StringComparison.Ordinal);

        SpecException e = Assert.Throws<SpecException>(() => ModelSpec.Parse(Encoding.UTF8.GetBytes(edited)));
        Assert.Equal("$.model.features." + message, e.Message);
    }

    private static string Image(int scales, int multiple, string shape) =>
        $"$.model.input: expected [1, height, width] for scattering of {scales} scales, both multiples of {multiple} "
        + $"and at most 128, got {shape}.";
}
