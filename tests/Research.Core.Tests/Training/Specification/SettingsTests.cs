using System.Text;
using Research.Storage;
using Research.Tests.Tools;
using Research.Training;
using Research.Training.Losses;
using Research.Training.Optimizers;

namespace Research.Tests.Training.Specification;

/// <summary>Loss, optimiser, training and privacy settings in JSON.</summary>
public sealed class SettingsTests
{
    // sha256 of the files without their spaces and line ends, by sha256sum: their fields are in canonical order.
    [Theory]
    [InlineData("digits-mlp", "3dba602839c2ec3def14090a754ce2d625700f4928d158d02ba2e861700d993a")]
    [InlineData("fashion-mlp", "301b6d385a82c532ad1457b66e6764e2f901f84bd3400d2928f3d037b4813608")]
    public void Hash_PublishedSpecification_IsWhatItWas(string name, string expected)
    {
        string path = Path.Combine(ExternalTool.RepositoryRoot, "notebooks", "specs", name + ".json");

        Assert.Equal(expected, ModelSpec.Load(path).Hash.ToString());
    }

    public static TheoryData<string, string> Losses => new()
    {
        { """{"type":"crossEntropy"}""", """{"type":"crossEntropy"}""" },
        { """{"type":"crossEntropy","labelSmoothing":0}""", """{"type":"crossEntropy"}""" },
        { """{"type":"crossEntropy","labelSmoothing":0.1}""", """{"labelSmoothing":0.1,"type":"crossEntropy"}""" },
        { """{"type":"binaryCrossEntropy"}""", """{"type":"binaryCrossEntropy"}""" },
        { """{"type":"meanSquaredError"}""", """{"type":"meanSquaredError"}""" },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void Loss_RoundTrip_LeavesDefaultsOut(string json, string canonical) =>
        AssertCanonical("loss", """{ "type": "crossEntropy" }""", json, canonical);

    public static TheoryData<string, string> Optimizers => new()
    {
        {
            """{"type":"sgd","learningRate":0.5,"momentum":0,"nesterov":false,"weightDecay":0}""",
            """{"learningRate":0.5,"momentum":0,"type":"sgd"}"""
        },
        {
            """{"type":"sgd","learningRate":0.5,"momentum":0.9,"nesterov":true,"weightDecay":1e-4}""",
            """{"learningRate":0.5,"momentum":0.9,"nesterov":true,"type":"sgd","weightDecay":0.0001}"""
        },
        {
            """{"type":"adam","learningRate":0.001,"beta1":0.9,"beta2":0.999,"epsilon":1e-8}""",
            """{"beta1":0.9,"beta2":0.999,"epsilon":1e-8,"learningRate":0.001,"type":"adam"}"""
        },
        {
            """{"type":"adamW","learningRate":0.001,"beta1":0.9,"beta2":0.999,"epsilon":1e-8,"weightDecay":0}""",
            """{"beta1":0.9,"beta2":0.999,"epsilon":1e-8,"learningRate":0.001,"type":"adamW","weightDecay":0}"""
        },
        {
            """{"type":"sgd","learningRate":1,"momentum":0,"schedule":{"type":"constant","warmUpSteps":40}}""",
            """{"learningRate":1,"momentum":0,"schedule":{"type":"constant","warmUpSteps":40},"type":"sgd"}"""
        },
        {
            """{"type":"sgd","learningRate":1,"momentum":0,"schedule":{"type":"cosine","warmUpSteps":0,"finalFraction":0}}""",
            """{"learningRate":1,"momentum":0,"schedule":{"type":"cosine"},"type":"sgd"}"""
        },
        {
            """{"type":"sgd","learningRate":1,"momentum":0,"schedule":{"type":"cosine","warmUpSteps":5,"finalFraction":0.1}}""",
            """{"learningRate":1,"momentum":0,"schedule":{"finalFraction":0.1,"type":"cosine","warmUpSteps":5},"type":"sgd"}"""
        },
        {
            """{"type":"sgd","learningRate":1,"momentum":0,"schedule":{"type":"step","every":10,"factor":0.5}}""",
            """{"learningRate":1,"momentum":0,"schedule":{"every":10,"factor":0.5,"type":"step"},"type":"sgd"}"""
        },
        {
            """{"type":"sgd","learningRate":1,"momentum":0,"schedule":{"type":"step","every":9,"factor":0.5,"warmUpSteps":2}}""",
            """{"learningRate":1,"momentum":0,"schedule":{"every":9,"factor":0.5,"type":"step","warmUpSteps":2},"type":"sgd"}"""
        },
    };

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Optimizer_RoundTrip_LeavesDefaultsOut(string json, string canonical) => AssertCanonical(
        "optimizer", """{ "type": "sgd", "learningRate": 0.5, "momentum": 0.9 }""", json, canonical);

    public static TheoryData<string, string> Trainings => new()
    {
        { """{"batchSize":1,"steps":40,"averageDecay":0.999}""", """{"averageDecay":0.999,"batchSize":1,"steps":40}""" },
        {
            """{"batchSize":1,"steps":40,"augmentation":{"shift":0,"flip":false,"copies":4}}""",
            """{"augmentation":{"copies":4,"flip":false,"shift":0},"batchSize":1,"steps":40}"""
        },
    };

    [Theory]
    [MemberData(nameof(Trainings))]
    public void Training_RoundTrip_KeepsEveryField(string json, string canonical) =>
        AssertCanonical("training", """{ "batchSize": 32, "steps": 40 }""", json, canonical);

    [Theory]
    [InlineData("flat", ClippingMode.Flat, "")]
    [InlineData("perLayer", ClippingMode.PerLayer, "\"clipping\":\"perLayer\",")]
    [InlineData("automatic", ClippingMode.Automatic, "\"clipping\":\"automatic\",")]
    public void Clipping_RoundTrip_LeavesFlatOut(string json, ClippingMode mode, string canonical)
    {
        ModelSpec spec = Specs.Edited("\"epsilonCap\": 8.0", $"\"epsilonCap\": 8.0, \"clipping\": \"{json}\"");

        Assert.Equal(mode, spec.Privacy!.Clipping);
        Assert.Contains(
            $"\"clipNorm\":1,{canonical}\"delta\"",
            Encoding.UTF8.GetString(spec.ToCanonicalJson()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EverySetting_ReadsTheRecords()
    {
        const string Schedule = """
            "schedule": { "type": "step", "every": 9, "factor": 0.5, "warmUpSteps": 2 }
            """;
        ModelSpec sgd = Specs.Edited(
            "\"momentum\": 0.9", "\"momentum\": 0.9, \"nesterov\": true, \"weightDecay\": 0.01, " + Schedule);
        ModelSpec adamW = Specs.Edited(
            "\"type\": \"sgd\", \"learningRate\": 0.5, \"momentum\": 0.9",
            """
            "type": "adamW", "learningRate": 0.5, "beta1": 0.8, "beta2": 0.9, "epsilon": 0.001, "weightDecay": 0.2,
            "schedule": { "type": "cosine", "warmUpSteps": 3, "finalFraction": 0.25 }
            """);
        ModelSpec training = Specs.Edited(
            "\"steps\": 40",
            "\"steps\": 40, \"averageDecay\": 0.99, \"augmentation\": {\"shift\": 0, \"flip\": false, \"copies\": 3}");

        Assert.Equal(new Sgd(0.5, 0.9, true, 0.01) { Schedule = new StepSchedule(9, 0.5, 2) }, sgd.Optimizer);
        Assert.Equal(
            new AdamW(0.5, 0.8, 0.9, 0.001, 0.2) { Schedule = new CosineSchedule(3, 0.25) }, adamW.Optimizer);
        Assert.Equal(new TrainingSection(32, 40, 0.99, new Augmentation(0, false, 3)), training.Training);
        Assert.Equal(new CrossEntropy(0.2), Specs.Edited("\"crossEntropy\"", "\"crossEntropy\", \"labelSmoothing\": 0.2").Loss);
    }

    [Fact]
    public void With_ChangedSetting_ChangesTheHash()
    {
        ModelSpec spec = Specs.DigitsMlp with { Privacy = Specs.Privacy };
        ModelSpec[] changed =
        [
            spec,
            spec with { Loss = new CrossEntropy(0.1) },
            spec with { Loss = new BinaryCrossEntropy() },
            spec with { Loss = new MeanSquaredError() },
            spec with { Optimizer = new Sgd(0.2, 0.9, Nesterov: true) },
            spec with { Optimizer = new Sgd(0.2, 0.9, WeightDecay: 0.1) },
            spec with { Optimizer = new Adam(0.2) },
            spec with { Optimizer = new AdamW(0.2) },
            spec with { Optimizer = spec.Optimizer with { Schedule = new CosineSchedule() } },
            spec with { Optimizer = spec.Optimizer with { LearningRate = 0.3 } },
            spec with { Training = spec.Training with { AverageDecay = 0.9 } },
            spec with { Training = spec.Training with { Augmentation = new Augmentation(0, false, 2) } },
            spec with { Privacy = spec.Privacy! with { Clipping = ClippingMode.PerLayer } },
            spec with { Privacy = spec.Privacy! with { Clipping = ClippingMode.Automatic } },
        ];

        HashSet<ContentHash> hashes = [.. changed.Select(s => s.Hash)];

        Assert.Equal(changed.Length, hashes.Count);
        Assert.All(changed, s => Assert.Equal(s, ModelSpec.Parse(s.ToCanonicalJson())));
    }

    private static void AssertCanonical(string section, string find, string json, string canonical)
    {
        ModelSpec spec = Specs.Edited(find, json);

        byte[] bytes = spec.ToCanonicalJson();

        Assert.Contains($"\"{section}\":{canonical}", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal(bytes, ModelSpec.Parse(bytes).ToCanonicalJson());
    }
}
