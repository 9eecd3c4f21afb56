using System.Text;
using Research.Storage;
using Research.Training;
using Research.Training.Aggregation;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Tests.Training;

public sealed class ModelSpecTests
{
    [Fact]
    public void Parse_WholeDocument_ReadsEverySection()
    {
        ModelSpec spec = Parse(Specs.Json);

        Assert.Equal("digits-mlp", spec.Name);
        Assert.Equal([64], spec.Model.Input);
        Assert.Equal(1, spec.Model.Seed);
        Assert.Equal([new Linear(64, 32), new ReLU(), new Linear(32, 10)], spec.Model.Layers);
        Assert.Equal(new Sgd(0.5, 0.9), spec.Optimizer);
        Assert.Equal(new TrainingSection(32, 40), spec.Training);
        Assert.Equal(new PrivacySection(0.1, 1, 1.2, 1e-5, 8), spec.Privacy);
        Assert.Equal(new RewardSection(100, 3.5, 0.95, 24), spec.Task!.Reward);
        Assert.Equal(new EvaluationSection(360, 14, Specs.Rounds), spec.Task.Evaluation);
        Assert.Equal((3, "CC-BY-4.0", "text"), (spec.Task.Rounds, spec.Task.Licence, spec.Task.Consent));
    }

    [Fact]
    public void ToCanonicalJson_WholeDocument_IsSortedAndWithoutSpaces()
    {
        const string Expected = """
            {"format":"research-spec/1","loss":{"type":"crossEntropy"},"model":{"input":[64],"layers":[
            {"inputs":64,"outputs":32,"type":"linear"},{"type":"relu"},{"inputs":32,"outputs":10,"type":"linear"}],"seed":1},
            "name":"digits-mlp","optimizer":{"learningRate":0.5,"momentum":0.9,"type":"sgd"},
            "privacy":{"clipNorm":1,"delta":0.00001,"epsilonCap":8,"noiseMultiplier":1.2,"sampleRate":0.1},
            "task":{"consent":"text","evaluation":{"examples":360,
            "fraction":14,"rounds":[{"keys":"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "records":"4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a",
            "sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
            {"keys":"4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a",
            "records":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "sha256":"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
            {"keys":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "records":"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "sha256":"4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"}]},"licence":"CC-BY-4.0",
            "reward":{"noiseFloor":0.95,"records":100,"references":24,"significance":3.5,"type":"linear"},"rounds":3},
            "training":{"batchSize":32,"steps":40}}
            """;

        byte[] canonical = Parse(Specs.Json).ToCanonicalJson();

        Assert.Equal(Expected.ReplaceLineEndings(""), Encoding.UTF8.GetString(canonical));
        Assert.Equal(ContentHash.Of(canonical), Parse(Specs.Json).Hash);
        Assert.Equal(canonical, ModelSpec.Parse(canonical).ToCanonicalJson());
    }

    [Fact]
    public void Hash_OtherSpellingOfTheSameDocument_IsTheSame()
    {
        string other = Specs.Json.Replace("\"steps\": 40", "\"steps\": 4.0e1", StringComparison.Ordinal)
            .Replace("1e-5", "0.00001", StringComparison.Ordinal)
            .Replace("sgd", "\\u0073gd", StringComparison.Ordinal);

        Assert.Equal(Parse(Specs.Json).Hash, Parse(other).Hash);
        Assert.Equal(Parse(Specs.Json), Parse(other));
    }

    [Fact]
    public void With_ChangedStep_ChangesTheHashAndNotTheOriginal()
    {
        ModelSpec spec = Parse(Specs.Json);
        ContentHash before = spec.Hash;

        ModelSpec changed = spec with { Training = spec.Training with { Steps = 41 } };

        Assert.NotEqual(before, changed.Hash);
        Assert.Equal(before, spec.Hash);
    }

    [Fact]
    public void Parse_ConvolutionsAndPools_RoundTrip()
    {
        byte[] canonical = Specs.DigitsCnn.ToCanonicalJson();

        Assert.Equal(Specs.DigitsCnn.Model.Layers, ModelSpec.Parse(canonical).Model.Layers);
    }

    public static TheoryData<string, AggregationRule> Aggregations => new()
    {
        { "{ \"type\": \"mean\" }", new Mean() },
        { "{ \"type\": \"boundedMean\" }", new BoundedMean() },
        { "{ \"type\": \"median\", \"buckets\": 32 }", new Median(32) },
        { "{ \"type\": \"trimmedMean\", \"trim\": 2, \"buckets\": 5 }", new TrimmedMean(2, 5) },
    };

    [Theory]
    [MemberData(nameof(Aggregations))]
    public void Parse_Aggregation_RoundTrips(string json, AggregationRule rule)
    {
        ModelSpec spec = Specs.Edited("\"rounds\": 3", $"\"rounds\": 3, \"aggregation\": {json}");

        Assert.Equal(rule, spec.Task!.Aggregation);
        Assert.Equal(rule, ModelSpec.Parse(spec.ToCanonicalJson()).Task!.Aggregation);
        Assert.Equal(rule is BoundedMean, spec.Hash == Parse(Specs.Json).Hash); // The default, said or not.
    }

    [Theory]
    [InlineData("7", "", "an object", "7")]
    [InlineData("{}", ".type", "a text", "nothing")]
    [InlineData("{'type':'krum'}", ".type", "mean, boundedMean, median or trimmedMean", "\"krum\"")]
    [InlineData("{'type':'mean','buckets':1}", ".buckets", "only type here", "an unknown field")]
    [InlineData("{'type':'median'}", ".buckets", "a whole number", "nothing")]
    [InlineData("{'type':'median','buckets':0}", ".buckets", "a whole number from 1 to 32", "0")]
    [InlineData("{'type':'median','buckets':33}", ".buckets", "a whole number from 1 to 32", "33")]
    [InlineData("{'type':'median','buckets':1.5}", ".buckets", "a whole number of at most 2^53 - 1", "1.5")]
    [InlineData("{'type':'trimmedMean','buckets':8}", ".trim", "a whole number", "nothing")]
    [InlineData("{'type':'trimmedMean','trim':4,'buckets':8}", ".trim", "a whole number from 0 to 3", "4")]
    [InlineData("{'type':'trimmedMean','trim':-1,'buckets':8}", ".trim", "a whole number from 0 to 3", "-1")]
    [InlineData("{'type':'trimmedMean','trim':1,'buckets':99}", ".buckets", "a whole number from 1 to 32", "99")]
    public void Parse_BadAggregation_NamesPathExpectedAndActual(
        string rule, string field, string expected, string actual)
    {
        string json = rule.Replace('\'', '"');

        SpecException e = Assert.Throws<SpecException>(
            () => Specs.Edited("\"rounds\": 3", $"\"rounds\": 3, \"aggregation\": {json}"));

        Assert.Equal(("$.task.aggregation" + field, expected, actual), (e.Path, e.Expected, e.Actual));
    }

    [Fact]
    public void Parse_Stores_RoundTripAndNoneIsNothing()
    {
        const string Addresses = "[\"https://store.example/a\", \"ipfs-gateway+https://gateway.example\"]";

        ModelSpec spec = Specs.Edited("\"rounds\": 3", $"\"rounds\": 3, \"stores\": {Addresses}");

        Assert.Equal(
            ["https://store.example/a", "ipfs-gateway+https://gateway.example"],
            spec.Task!.Stores.Select(store => store.Text));
        Assert.Equal(spec.Task, ModelSpec.Parse(spec.ToCanonicalJson()).Task);
        Assert.NotEqual(Parse(Specs.Json).Task, spec.Task);
        Assert.NotEqual(Parse(Specs.Json).Hash, spec.Hash);
        Assert.Equal(
            Parse(Specs.Json).Hash, (spec with { Task = spec.Task with { Stores = [] } }).Hash);
    }

    [Theory]
    [InlineData("'https://a'", "", "an array", "\"https://a\"")]
    [InlineData("[]", "", "1 to 4 addresses, or no such field", "0")]
    [InlineData("[1]", "[0]", "a text", "1")]
    [InlineData("['https://a','https://b','https://c','https://d','https://e']", "", "1 to 4 addresses, or no such field", "5")]
    [InlineData("['https://a','https://a']", "[1]", "another address than those before it", "the same again")]
    [InlineData("['https://a','/etc/passwd']", "[1]", "https://HOST", "\"/etc/passwd\"")]
    [InlineData("['http://a']", "[0]", "https://HOST", "\"http://a\"")]
    [InlineData("['ipfs+http://127.0.0.1:5001']", "[0]", "https://HOST", "\"ipfs+http://127.0.0.1:5001\"")]
    [InlineData("['file:///etc/passwd']", "[0]", "https://HOST", "\"file:///etc/passwd\"")]
    public void Parse_BadStores_NamesPathExpectedAndActual(string stores, string field, string expected, string actual)
    {
        string json = stores.Replace('\'', '"');

        SpecException e = Assert.Throws<SpecException>(
            () => Specs.Edited("\"rounds\": 3", $"\"rounds\": 3, \"stores\": {json}"));

        Assert.Equal(("$.task.stores" + field, actual), (e.Path, e.Actual));
        Assert.StartsWith(expected, e.Expected, StringComparison.Ordinal);
    }

    private const string LayerTypes =
        "linear, conv2d, maxPool2d, avgPool2d, globalAvgPool2d, globalMaxPool2d, relu, tanh, sigmoid, gelu, silu, "
        + "flatten, groupNorm, layerNorm, residual, embedding, selfAttention or dropout";

    // Each row edits the good document once: find, replace with, path, expected, actual.
    public static TheoryData<string, string, string, string, string> BadEdits => new()
    {
        { "research-spec/1", "research-spec/2", "$.format", "\"research-spec/1\"", "\"research-spec/2\"" },
        { "\"name\": \"digits-mlp\",", "", "$.name", "a text", "nothing" },
        { "\"name\": \"digits-mlp\"", "\"name\": 7", "$.name", "a text", "7" },
        { "\"name\": \"digits-mlp\"", "\"name\": \"\"", "$.name", "a text of 1 to 200 characters", "0 characters" },
        { "\"name\": \"digits-mlp\"", "\"name\": \"\\ud800\"", "$.name", "well-formed Unicode", "a lone surrogate" },
        { "\"name\": \"digits-mlp\"", "\"name\": \"a\", \"name\": \"a\"", "$.name", "this field once", "it twice" },
        { "\"name\": \"digits-mlp\"", "\"name\": \"a\", \"n\\u0061me\": \"a\"", "$.name", "this field once", "it twice" },
        { "\"name\"", "\"nmae\": 1, \"name\"", "$.nmae", "only format, name, model, loss, optimizer, training, privacy, task here", "an unknown field" },
        { "[64]", "[65]", "$.model.layers[0].inputs", "65 (the size that arrives there)", "64" },
        { "[64]", "[]", "$.model.input", "1 to 4 sizes", "0" },
        { "[64]", "[1, 1, 1, 1, 64]", "$.model.input", "at most 4 entries", "5" },
        { "[64]", "[0]", "$.model.input[0]", "a whole number from 1 to 16777216", "0" },
        { "[64]", "[65536, 65536]", "$.model.input", "at most 16777216 numbers in one example", "[65536, 65536]" },
        { "[64]", "[8, 8]", "$.model.layers[0].inputs", "8 (the size that arrives there)", "64" },
        { "[64]", "[1, 8, 8]", "$.model.layers[0]", "an input [I] or [T, I] (a flatten layer before this one makes it)", "[1, 8, 8]" },
        { "[64]", "64", "$.model.input", "an array", "64" },
        { "\"seed\": 1", "\"seed\": -1", "$.model.seed", "a whole number from 0 to 9007199254740991", "-1" },
        { "\"seed\": 1", "\"seed\": 1.5", "$.model.seed", "a whole number of at most 2^53 - 1", "1.5" },
        { "\"seed\": 1", "\"seed\": 9007199254740992", "$.model.seed", "a whole number of at most 2^53 - 1", "9007199254740992" },
        { "\"seed\": 1", "\"seed\": 1e999", "$.model.seed", "a number that fits a double", "1e999" },
        { "\"inputs\": 32", "\"inputs\": 64", "$.model.layers[2].inputs", "32 (the size that arrives there)", "64" },
        { "\"inputs\": 64, ", "", "$.model.layers[0].inputs", "a whole number", "nothing" },
        { "\"outputs\": 32", "\"outputs\": 0", "$.model.layers[0].outputs", "a whole number from 1 to 16777216", "0" },
        { "\"outputs\": 32", "\"outputs\": 1e12", "$.model.layers[0].outputs", "a whole number of at most 2147483647", "1000000000000" },
        { "\"outputs\": 32", "\"outputs\": 16000000", "$.model.layers[0]", "at most 268435456 parameters up to here", "1040000000" },
        { "\"outputs\": 10", "\"outputs\": 1", "$.model.layers[2]", "an output of one dimension with a score for each of 2 or more classes", "[1]" },
        { "{ \"type\": \"relu\" }", "{ \"type\": \"relu\", \"slope\": 1 }", "$.model.layers[1].slope", "only type here", "an unknown field" },
        { "{ \"type\": \"relu\" }", "{ \"type\": \"elu\" }", "$.model.layers[1].type", LayerTypes, "\"elu\"" },
        { "{ \"type\": \"relu\" }", "{ \"type\": \"maxPool2d\", \"kernel\": 2, \"stride\": 1 }", "$.model.layers[1]", "an image [channels, height, width]", "[32]" },
        { "{ \"type\": \"relu\" }", "null", "$.model.layers[1]", "an object", "null" },
        { "crossEntropy", "hinge", "$.loss.type", "crossEntropy, binaryCrossEntropy or meanSquaredError", "\"hinge\"" },
        { "\"sgd\"", "\"lamb\"", "$.optimizer.type", "sgd, adam or adamW", "\"lamb\"" },
        { "\"learningRate\": 0.5", "\"learningRate\": 0", "$.optimizer.learningRate", "a number in (0, 1000000]", "0" },
        { "\"momentum\": 0.9", "\"momentum\": 1", "$.optimizer.momentum", "a number in [0, 1)", "1" },
        { "\"batchSize\": 32", "\"batchSize\": 0", "$.training.batchSize", "a whole number from 1 to 16777216", "0" },
        { "\"steps\": 40", "\"steps\": \"40\"", "$.training.steps", "a whole number", "\"40\"" },
        { "\"sampleRate\": 0.1", "\"sampleRate\": 1.1", "$.privacy.sampleRate", "a number in (0, 1]", "1.1" },
        { "\"clipNorm\": 1.0", "\"clipNorm\": 0", "$.privacy.clipNorm", "a number in [1e-9, 1e9]", "0" },
        { "\"noiseMultiplier\": 1.2", "\"noiseMultiplier\": -1", "$.privacy.noiseMultiplier", "a number in [1e-6, 10000]", "-1" },
        { "\"delta\": 1e-5", "\"delta\": 1", "$.privacy.delta", "a number in (0, 1)", "1" },
        { "\"epsilonCap\": 8.0", "\"epsilonCap\": 0", "$.privacy.epsilonCap", "a number in (0, 1000000]", "0" },
        { "\"rounds\": 3", "\"rounds\": 65536", "$.task.rounds", "a whole number from 1 to 65535", "65536" },
        { "\"linear\", \"records\"", "\"lottery\", \"records\"", "$.task.reward.type", "\"linear\"", "\"lottery\"" },
        { "\"records\": 100", "\"records\": 0", "$.task.reward.records", "a whole number from 1 to 1000000000", "0" },
        { "\"significance\": 3.5", "\"significance\": 0", "$.task.reward.significance", "a number in [1, 10]", "0" },
        { "\"noiseFloor\": 0.95", "\"noiseFloor\": 2", "$.task.reward.noiseFloor", "a number in [0, 1]", "2" },
        { "\"references\": 24", "\"references\": 0", "$.task.reward.references", "a whole number from 1 to 1000", "0" },
        { "\"examples\": 360", "\"examples\": 4194305", "$.task.evaluation.examples", "a whole number from 1 to 4194304", "4194305" },
        { "\"fraction\": 14", "\"fraction\": 16", "$.task.evaluation.fraction", "a whole number from 0 to 15", "16" },
        { "\"rounds\": 3", "\"rounds\": 2", "$.task.evaluation.rounds", "2 commitments, records and keys of its own for each round", "3, 3 of them different" },
        { "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "$.task.evaluation.rounds", "3 commitments, records and keys of its own for each round", "3, 2 of them different" },
        { "e3b0c442", "E3B0C442", "$.task.evaluation.rounds[0].sha256", "64 lower-case hexadecimal digits", "\"E3B0C44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"" },
        { "\"keys\": \"6e34", "\"keys\": \"0x6e34", "$.task.evaluation.rounds[0].keys", "64 lower-case hexadecimal digits", "\"0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d\"" },
        { "\"keys\": \"6e34", "\"salt\": \"6e34", "$.task.evaluation.rounds[0].keys", "a text", "nothing" },
        { "\"consent\": \"text\"", "\"consent\": null", "$.task.consent", "a text", "null" },
        { "\"rounds\": 3,", "\"rounds\": 3,,", "$", "a JSON document of at most 16 levels", "an error at line 18, byte 17" },
    };

    [Theory]
    [MemberData(nameof(BadEdits))]
    public void Parse_BadField_NamesPathExpectedAndActual(
        string find, string replacement, string path, string expected, string actual)
    {
        int at = Specs.Json.IndexOf(find, StringComparison.Ordinal);
        string bad = Specs.Json[..at] + replacement + Specs.Json[(at + find.Length)..];

        SpecException e = Assert.Throws<SpecException>(() => Parse(bad));

        Assert.Equal((path, expected, actual), (e.Path, e.Expected, e.Actual));
        Assert.Equal($"{path}: expected {expected}, got {actual}.", e.Message);
    }

    public static TheoryData<Layer[], string, string, string> BadLayers => new()
    {
        { [new Conv2d(3, 4, 3)], "$.model.layers[0].inputChannels", "1 (the channels that arrive there)", "3" },
        { [new Conv2d(1, 4, 9)], "$.model.layers[0].kernel", "at most 8 (the padded image that arrives there)", "9" },
        { [new Conv2d(1, 4, 3, 0)], "$.model.layers[0].stride", "a whole number from 1 to 1024", "0" },
        { [new Conv2d(1, 4, 3, 1, 3)], "$.model.layers[0].padding", "a whole number from 0 to 2", "3" },
        { [new Conv2d(1, 16777216, 1)], "$.model.layers[0]", "at most 16777216 numbers in one example", "[16777216, 8, 8]" },
        { [new AvgPool2d(0, 1)], "$.model.layers[0].kernel", "a whole number from 1 to 1024", "0" },
        { [new MaxPool2d(2, 1), new Flatten(), new Linear(64, 10)], "$.model.layers[2].inputs", "49 (the size that arrives there)", "64" },
        { [new ReLU()], "$.model.layers[0]", "an output of one dimension with a score for each of 2 or more classes", "[1, 8, 8]" },
        { [null!], "$.model.layers[0]", "a value", "null" },
        { [], "$.model.layers", "1 to 1000 layers", "0" },
    };

    [Theory]
    [MemberData(nameof(BadLayers))]
    public void Validate_BadLayersBuiltInCode_NamesPathExpectedAndActual(
        Layer[] layers, string path, string expected, string actual)
    {
        ModelSpec spec = Specs.DigitsMlp with { Model = new ModelSection([1, 8, 8], 1, layers) };

        SpecException e = Assert.Throws<SpecException>(spec.Validate);

        Assert.Equal((path, expected, actual), (e.Path, e.Expected, e.Actual));
        Assert.Throws<SpecException>(() => Network.Create(spec));
        Assert.Throws<SpecException>(() => spec.Hash);
    }

    [Fact]
    public void Validate_NotANumber_IsRefused()
    {
        SpecException e = Assert.Throws<SpecException>(
            (Specs.DigitsMlp with { Optimizer = new Sgd(double.NaN) }).Validate);

        Assert.Equal("$.optimizer.learningRate: expected a number in (0, 1000000], got NaN.", e.Message);
    }

    [Fact]
    public void Parse_LargerThanOneMebibyte_IsRefusedUnread()
    {
        SpecException e = Assert.Throws<SpecException>(() => ModelSpec.Parse(new byte[(1 << 20) + 1]));

        Assert.Equal("$: expected a document of at most 1048576 bytes, got 1048577.", e.Message);
    }

    [Fact]
    public void Parse_EveryTruncation_ThrowsSpecException()
    {
        byte[] good = Encoding.UTF8.GetBytes(Specs.Json);
        for (int length = 0; length < good.Length; length++)
        {
            Assert.Throws<SpecException>(() => ModelSpec.Parse(good.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Parse_RandomByteChanges_ParsesOrThrowsSpecException()
    {
        byte[] good = Encoding.UTF8.GetBytes(Specs.Json);
        Random random = new(1);
        for (int i = 0; i < 4_000; i++)
        {
            byte[] bad = [.. good];
            bad[random.Next(bad.Length)] = (byte)random.Next(256);
            if (Record.Exception(() => ModelSpec.Parse(bad)) is { } e)
            {
                Assert.IsType<SpecException>(e);
            }
        }
    }

    [Fact]
    public void Load_File_ReadsIt()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Specs.Json);
            Assert.Equal(Parse(Specs.Json).Hash, ModelSpec.Load(path).Hash);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static ModelSpec Parse(string json) => ModelSpec.Parse(Encoding.UTF8.GetBytes(json));
}
