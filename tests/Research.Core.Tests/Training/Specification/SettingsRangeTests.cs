using Research.Training;
using Research.Training.Layers;
using Research.Training.Losses;
using Research.Training.Optimizers;

namespace Research.Tests.Training.Specification;

/// <summary>Settings of loss, optimiser, training and privacy that are refused, and how.</summary>
public sealed class SettingsRangeTests
{
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
        SpecException e = Assert.Throws<SpecException>(() => Specs.Edited(find, replacement));

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
            "$.model.layers[0]: expected an output of one dimension with a score for each of 2 or more classes, "
            + "got [1].");
        AssertRefused(
            image with { Loss = new MeanSquaredError() },
            "$.model.layers[0]: expected an output of one dimension with a score for each of 2 or more classes, "
            + "or one score for 2 classes, got [1, 8, 8].");
    }

    private static void Sgd(
        TheoryData<string, string, string, string, string> rows,
        string field,
        string path,
        string expected,
        string actual) =>
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
        TheoryData<string, string, string, string, string> rows,
        string values,
        string path,
        string expected,
        string actual)
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
}
