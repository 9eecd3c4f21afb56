using System.Text;
using Research.Storage;
using Research.Tests.Tools;
using Research.Training;
using Research.Training.Layers;
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
        ModelSpec spec = Edited("\"epsilonCap\": 8.0", $"\"epsilonCap\": 8.0, \"clipping\": \"{json}\"");

        Assert.Equal(mode, spec.Privacy!.Clipping);
        Assert.Contains(
            $"\"clipNorm\":1,{canonical}\"delta\"", Encoding.UTF8.GetString(spec.ToCanonicalJson()), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EverySetting_ReadsTheRecords()
    {
        const string Schedule = """
            "schedule": { "type": "step", "every": 9, "factor": 0.5, "warmUpSteps": 2 }
            """;
        ModelSpec sgd = Edited(
            "\"momentum\": 0.9", "\"momentum\": 0.9, \"nesterov\": true, \"weightDecay\": 0.01, " + Schedule);
        ModelSpec adamW = Edited(
            "\"type\": \"sgd\", \"learningRate\": 0.5, \"momentum\": 0.9",
            """
            "type": "adamW", "learningRate": 0.5, "beta1": 0.8, "beta2": 0.9, "epsilon": 0.001, "weightDecay": 0.2,
            "schedule": { "type": "cosine", "warmUpSteps": 3, "finalFraction": 0.25 }
            """);
        ModelSpec training = Edited(
            "\"steps\": 40",
            "\"steps\": 40, \"averageDecay\": 0.99, \"augmentation\": {\"shift\": 0, \"flip\": false, \"copies\": 3}");

        Assert.Equal(new Sgd(0.5, 0.9, true, 0.01) { Schedule = new StepSchedule(9, 0.5, 2) }, sgd.Optimizer);
        Assert.Equal(
            new AdamW(0.5, 0.8, 0.9, 0.001, 0.2) { Schedule = new CosineSchedule(3, 0.25) }, adamW.Optimizer);
        Assert.Equal(new TrainingSection(32, 40, 0.99, new Augmentation(0, false, 3)), training.Training);
        Assert.Equal(new CrossEntropy(0.2), Edited("\"crossEntropy\"", "\"crossEntropy\", \"labelSmoothing\": 0.2").Loss);
    }

    // Find, replace with, path, expected, actual.
    public static TheoryData<string, string, string, string, string> BadEdits
    {
        get
        {
            TheoryData<string, string, string, string, string> rows = new()
            {
                { "crossEntropy\"", "crossEntropy\", \"labelSmoothing\": 1", "$.loss.labelSmoothing", "a number in [0, 1)", "1" },
                { "crossEntropy\"", "crossEntropy\", \"labelSmoothing\": -0.1", "$.loss.labelSmoothing", "a number in [0, 1)", "-0.1" },
                { "crossEntropy\"", "crossEntropy\", \"labelSmoothing\": null", "$.loss.labelSmoothing", "a number", "null" },
                { "crossEntropy\"", "meanSquaredError\", \"labelSmoothing\": 0", "$.loss.labelSmoothing", "only type here", "an unknown field" },
                { "\"steps\": 40", "\"steps\": 40, \"averageDecay\": 1", "$.training.averageDecay", "a number in (0, 1)", "1" },
                { "\"steps\": 40", "\"steps\": 40, \"averageDecay\": 0", "$.training.averageDecay", "a number in (0, 1)", "0" },
                { "\"steps\": 40", "\"steps\": 40, \"averageDecay\": true", "$.training.averageDecay", "a number", "true" },
                { "\"steps\": 40", "\"steps\": 40, \"ema\": 0.9", "$.training.ema", "only batchSize, steps, averageDecay, augmentation here", "an unknown field" },
                { "\"epsilonCap\": 8.0", "\"epsilonCap\": 8.0, \"clipping\": \"Flat\"", "$.privacy.clipping", "flat, perLayer or automatic", "\"Flat\"" },
                { "\"epsilonCap\": 8.0", "\"epsilonCap\": 8.0, \"clipping\": 1", "$.privacy.clipping", "a text", "1" },
            };
            Sgd(rows, "\"nesterov\": 1", ".nesterov", "true or false", "1");
            Sgd(rows, "\"weightDecay\": -1", ".weightDecay", "a number in [0, 100]", "-1");
            Sgd(rows, "\"weightDecay\": 101", ".weightDecay", "a number in [0, 100]", "101");
            Sgd(rows, "\"beta1\": 0.9", ".beta1", "only type, learningRate, momentum, nesterov, weightDecay, schedule here", "an unknown field");
            Sgd(rows, "\"schedule\": 1", ".schedule", "an object", "1");
            Sgd(rows, "\"schedule\": {\"type\": \"linear\"}", ".schedule.type", "constant, cosine or step", "\"linear\"");
            Sgd(rows, "\"schedule\": {\"type\": \"constant\"}", ".schedule.warmUpSteps", "a whole number", "nothing");
            Sgd(rows, "\"schedule\": {\"type\": \"constant\", \"warmUpSteps\": 0}", ".schedule.warmUpSteps", "a whole number from 1 to 40", "0");
            Sgd(rows, "\"schedule\": {\"type\": \"cosine\", \"warmUpSteps\": 41}", ".schedule.warmUpSteps", "a whole number from 0 to 40", "41");
            Sgd(rows, "\"schedule\": {\"type\": \"cosine\", \"finalFraction\": 1}", ".schedule.finalFraction", "a number in [0, 1)", "1");
            Sgd(rows, "\"schedule\": {\"type\": \"cosine\", \"every\": 2}", ".schedule.every", "only type, warmUpSteps, finalFraction here", "an unknown field");
            Sgd(rows, "\"schedule\": {\"type\": \"step\", \"every\": 0, \"factor\": 0.5}", ".schedule.every", "a whole number from 1 to 100000000", "0");
            Sgd(rows, "\"schedule\": {\"type\": \"step\", \"every\": 2, \"factor\": 1}", ".schedule.factor", "a number in (0, 1)", "1");
            Sgd(rows, "\"schedule\": {\"type\": \"step\", \"every\": 2}", ".schedule.factor", "a number", "nothing");
            Adam(rows, "1, 0.999, 1e-8", "adam", ".beta1", "a number in [0, 1)", "1");
            Adam(rows, "0.9, -1, 1e-8", "adam", ".beta2", "a number in [0, 1)", "-1");
            Adam(rows, "0.9, 0.999, 0", "adam", ".epsilon", "a number in [1e-12, 1]", "0");
            Adam(rows, "0.9, 0.999, 2", "adamW", ".epsilon", "a number in [1e-12, 1]", "2");
            Augment(rows, "65, false, 1", ".shift", "a whole number from 0 to 64", "65");
            Augment(rows, "0, 0, 1", ".flip", "true or false", "0");
            Augment(rows, "0, false, 0", ".copies", "a whole number from 1 to 64", "0");
            Augment(rows, "0, false, 65", ".copies", "a whole number from 1 to 64", "65");
            Augment(rows, "1, false, 1", "", "an image input [channels, height, width] for shift and flip", "[64]");
            Augment(rows, "0, true, 1", "", "an image input [channels, height, width] for shift and flip", "[64]");
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(BadEdits))]
    public void Parse_BadSetting_NamesPathExpectedAndActual(
        string find, string replacement, string path, string expected, string actual)
    {
        SpecException e = Assert.Throws<SpecException>(() => Edited(find, replacement));

        Assert.Equal((path, expected, actual), (e.Path, e.Expected, e.Actual));
    }

    [Fact]
    public void Validate_NesterovWithoutMomentum_IsRefused() => AssertRefused(
        Specs.DigitsMlp with { Optimizer = new Sgd(0.1, Nesterov: true) },
        "$.optimizer.momentum: expected a number in (0, 1) with nesterov, got 0.");

    [Fact]
    public void Validate_AdamWDecayOutOfRange_IsRefused() => AssertRefused(
        Specs.DigitsMlp with { Optimizer = new AdamW(0.1, WeightDecay: double.NaN) },
        "$.optimizer.weightDecay: expected a number in [0, 100], got NaN.");

    [Fact]
    public void Validate_UnknownClippingMode_IsRefused() => AssertRefused(
        Specs.DigitsMlp with { Privacy = Specs.Privacy with { Clipping = (ClippingMode)7 } },
        "$.privacy.clipping: expected flat, perLayer or automatic, got 7.");

    [Theory]
    [InlineData(7, null)]
    [InlineData(8, "$.training.augmentation.shift: expected less than the image's sides, at most 7, got 8.")]
    public void Validate_ShiftOfAnImage_MustLeaveSomeOfIt(int shift, string? refusal)
    {
        ModelSpec spec = Specs.DigitsCnn with
        {
            Training = new TrainingSection(32, 40, Augmentation: new Augmentation(shift, true, 4)),
        };
        if (refusal is null)
        {
            Assert.Equal(spec, ModelSpec.Parse(spec.ToCanonicalJson()));
            Assert.Equal(spec.Training, ModelSpec.Parse(spec.ToCanonicalJson()).Training);
            return;
        }

        AssertRefused(spec, refusal);
    }

    // One output tells two classes apart by its sign or its threshold, but a softmax of one score is always 1.
    [Fact]
    public void Validate_OneOutput_SuitsTheLossesOfSingleScores()
    {
        ModelSpec one = Specs.DigitsMlp with { Model = new ModelSection([64], 1, [new Linear(64, 1)]) };
        ModelSpec image = Specs.DigitsMlp with { Model = new ModelSection([1, 8, 8], 1, [new ReLU()]) };

        (one with { Loss = new BinaryCrossEntropy() }).Validate();
        (one with { Loss = new MeanSquaredError() }).Validate();
        AssertRefused(
            one,
            "$.model.layers[0]: expected an output of one dimension with a score for each of 2 or more classes, got [1].");
        AssertRefused(
            image with { Loss = new MeanSquaredError() },
            "$.model.layers[0]: expected an output of one dimension with a score for each of 2 or more classes, "
            + "or one score for 2 classes, got [1, 8, 8].");
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

    private static void Sgd(
        TheoryData<string, string, string, string, string> rows, string field, string path, string expected, string actual) =>
        rows.Add("\"momentum\": 0.9", "\"momentum\": 0.9, " + field, "$.optimizer" + path, expected, actual);

    private static void Adam(
        TheoryData<string, string, string, string, string> rows,
        string numbers,
        string type,
        string path,
        string expected,
        string actual)
    {
        string[] n = numbers.Split(", ");
        string decay = type == "adamW" ? ", \"weightDecay\": 0" : "";
        rows.Add(
            "\"sgd\", \"learningRate\": 0.5, \"momentum\": 0.9",
            $"\"{type}\", \"learningRate\": 0.5, \"beta1\": {n[0]}, \"beta2\": {n[1]}, \"epsilon\": {n[2]}{decay}",
            "$.optimizer" + path,
            expected,
            actual);
    }

    private static void Augment(
        TheoryData<string, string, string, string, string> rows, string values, string path, string expected, string actual)
    {
        string[] v = values.Split(", ");
        rows.Add(
            "\"steps\": 40",
            $"\"steps\": 40, \"augmentation\": {{\"shift\": {v[0]}, \"flip\": {v[1]}, \"copies\": {v[2]}}}",
            "$.training.augmentation" + path,
            expected,
            actual);
    }

    private static void AssertRefused(ModelSpec spec, string message) =>
        Assert.Equal(message, Assert.Throws<SpecException>(spec.Validate).Message);

    private static void AssertCanonical(string section, string find, string json, string canonical)
    {
        ModelSpec spec = Edited(find, json);

        byte[] bytes = spec.ToCanonicalJson();

        Assert.Contains($"\"{section}\":{canonical}", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal(bytes, ModelSpec.Parse(bytes).ToCanonicalJson());
    }

    private static ModelSpec Edited(string find, string replacement)
    {
        int at = Specs.Json.IndexOf(find, StringComparison.Ordinal);
        Assert.True(at >= 0);
        return ModelSpec.Parse(Encoding.UTF8.GetBytes(Specs.Json[..at] + replacement + Specs.Json[(at + find.Length)..]));
    }
}
