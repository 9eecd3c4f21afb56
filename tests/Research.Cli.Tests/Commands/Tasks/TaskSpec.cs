namespace Research.Tests.Commands.Tasks;

/// <summary>A task on the digits with so little noise that an honest update surely helps.</summary>
internal static class TaskSpec
{
    public static string With(int rounds) => SmallSpec.Private
        .Replace(
            "\"sampleRate\": 0.05, \"clipNorm\": 1, \"noiseMultiplier\": 1.5",
            "\"sampleRate\": 0.2, \"clipNorm\": 1, \"noiseMultiplier\": 0.8",
            StringComparison.Ordinal)
        .Replace("\"epsilonCap\": 8", "\"epsilonCap\": 200", StringComparison.Ordinal)
        .Replace("\"batchSize\": 72", "\"batchSize\": 287", StringComparison.Ordinal)
        .TrimEnd()
        .TrimEnd('}')
        + $$"""
        , "task": {
            "rounds": {{rounds}},
            "reward": {
              "type": "linear", "records": 1437, "significance": 3.5, "noiseFloor": 0.95, "references": 8
            },
            "evaluation": {
              "examples": 90,
              "fraction": 14,
              "rounds": [{{string.Join(", ", Enumerable.Range(0, rounds).Select(
                i => $"{{ \"keys\": \"{i:x64}\", \"records\": \"{i:x64}\", \"sha256\": \"{i:x64}\" }}"))}}]
            },
            "licence": "CC-BY-4.0",
            "consent": "A test."
          }
        }
        """;
}
