namespace Research.Tests;

/// <summary>Specifications for tests, as text in which a test can put something wrong.</summary>
internal static class SmallSpec
{
    /// <summary>A private model of the digits: ε 1.2 or so by itself.</summary>
    public const string Private = """
        {
          "format": "research-spec/1",
          "name": "small",
          "model": {
            "input": [64],
            "seed": 1,
            "layers": [
              { "type": "linear", "inputs": 64, "outputs": 8 },
              { "type": "relu" },
              { "type": "linear", "inputs": 8, "outputs": 10 }
            ]
          },
          "loss": { "type": "crossEntropy" },
          "optimizer": { "type": "sgd", "learningRate": 0.5, "momentum": 0.5 },
          "training": { "batchSize": 72, "steps": 20 },
          "privacy": { "sampleRate": 0.05, "clipNorm": 1, "noiseMultiplier": 1.5, "delta": 0.00001, "epsilonCap": 8 }
        }
        """;

    /// <summary>The same without privacy.</summary>
    public static string Plain { get; } = Private.Replace(
        """
        ,
          "privacy": { "sampleRate": 0.05, "clipNorm": 1, "noiseMultiplier": 1.5, "delta": 0.00001, "epsilonCap": 8 }
        """,
        "",
        StringComparison.Ordinal);
}
