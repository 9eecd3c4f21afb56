using System.Text;
using Research.Federation.Trace;
using Research.Storage;
using Research.Training;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Tests.Training;

/// <summary>Small specifications that several tests vary.</summary>
internal static class Specs
{
    public static ModelSpec DigitsMlp { get; } = new()
    {
        Name = "digits-mlp",
        Model = new ModelSection([64], 1, [new Linear(64, 32), new ReLU(), new Linear(32, 10)]),
        Optimizer = new Sgd(0.2, 0.9),
        Training = new TrainingSection(32, 40),
    };

    public static ModelSpec DigitsCnn { get; } = DigitsMlp with
    {
        Name = "digits-cnn",
        Model = new ModelSection(
            [1, 8, 8],
            2,
            [
                new Conv2d(1, 5, 3, 1, 1), new ReLU(), new MaxPool2d(2, 1), new Conv2d(5, 7, 3, 2), new Tanh(),
                new AvgPool2d(2, 1), new Flatten(), new Linear(28, 10),
            ]),
    };

    public static PrivacySection Privacy { get; } = new(0.05, 1.0, 1.2, 1e-5, 8);

    /// <summary>The commitments of the document: hashes of no byte, of a zero and of a one, in turn.</summary>
    public static IReadOnlyList<EvaluationCommitment> Rounds { get; } = [.. Enumerable.Range(0, 3).Select(round =>
    {
        ContentHash[] hashes = [ContentHash.Of([]), ContentHash.Of([0]), ContentHash.Of([1])];
        return new EvaluationCommitment(
            new TreeHash(hashes[(round + 1) % 3].ToArray()), new TreeHash(hashes[(round + 2) % 3].ToArray()), hashes[round]);
    })];

    /// <summary>The document of SHAPE's example, without spaces where they do not matter.</summary>
    public const string Json = """
        {
          "format": "research-spec/1",
          "name": "digits-mlp",
          "model": {
            "input": [64],
            "seed": 1,
            "layers": [
              { "type": "linear", "inputs": 64, "outputs": 32 },
              { "type": "relu" },
              { "type": "linear", "inputs": 32, "outputs": 10 }
            ]
          },
          "loss": { "type": "crossEntropy" },
          "optimizer": { "type": "sgd", "learningRate": 0.5, "momentum": 0.9 },
          "training": { "batchSize": 32, "steps": 40 },
          "privacy": { "sampleRate": 0.1, "clipNorm": 1.0, "noiseMultiplier": 1.2, "delta": 1e-5, "epsilonCap": 8.0 },
          "task": {
            "rounds": 3,
            "reward": { "type": "linear", "records": 100, "significance": 3.5, "noiseFloor": 0.95, "references": 24 },
            "evaluation": {
              "examples": 360,
              "fraction": 14,
              "rounds": [
                {
                  "keys": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                  "records": "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a",
                  "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
                },
                {
                  "keys": "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a",
                  "records": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                  "sha256": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
                },
                {
                  "keys": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                  "records": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                  "sha256": "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"
                }
              ]
            },
            "licence": "CC-BY-4.0",
            "consent": "text"
          }
        }
        """;

    /// <summary>Reads the document after replacing the first of what is to be found.</summary>
    public static ModelSpec Edited(string find, string replacement)
    {
        int at = Json.IndexOf(find, StringComparison.Ordinal);
        Assert.True(at >= 0);
        return ModelSpec.Parse(Encoding.UTF8.GetBytes(Json[..at] + replacement + Json[(at + find.Length)..]));
    }
}
