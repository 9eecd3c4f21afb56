using System.Text.Json;
using Research.Tests.Tools;

namespace Research.Tests.Contracts;

/// <summary>One run of <c>forge test</c>, started by the first test that asks for a result.</summary>
public sealed class ForgeRun
{
    private readonly Lazy<IReadOnlyDictionary<SolidityTest, string?>> _failures = new(Run);

    /// <summary>Gets each test that ran, with the reason of its failure or null.</summary>
    internal IReadOnlyDictionary<SolidityTest, string?> Failures => _failures.Value;

    private static Dictionary<SolidityTest, string?> Run()
    {
        NodeTools.EnsureInstalled();
        (int exitCode, string output, string error) = NodeTools.Run(NodeTools.Forge, "test", "--json");
        if (!output.StartsWith('{'))
        {
            throw new InvalidOperationException($"forge test exited with {exitCode}:\n{output}{error}");
        }

        Dictionary<SolidityTest, string?> failures = [];
        using JsonDocument document = JsonDocument.Parse(output);
        foreach (JsonProperty suite in document.RootElement.EnumerateObject())
        {
            foreach (JsonProperty test in suite.Value.GetProperty("test_results").EnumerateObject())
            {
                failures.Add(new SolidityTest(suite.Name, test.Name.Split('(')[0]), FailureOf(test.Value));
            }
        }

        return failures;
    }

    private static string? FailureOf(JsonElement result)
    {
        string? status = result.GetProperty("status").GetString();
        return status == "Success"
            ? null
            : $"{status}: {result.GetProperty("reason")} {result.GetProperty("counterexample")}";
    }
}
