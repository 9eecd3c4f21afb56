using System.Text.RegularExpressions;
using Research.Tests.Tools;

namespace Research.Tests.Contracts;

/// <summary>One test function in <c>contracts/test</c>, as its source declares it.</summary>
/// <param name="Suite">File and contract as forge names them: <c>test/Claim.t.sol:ClaimTest</c>.</param>
/// <param name="Name">The function's name, without parameters.</param>
internal sealed partial record SolidityTest(string Suite, string Name)
{
    /// <summary>Reads every test out of the sources, so that one which forge does not run is missed.</summary>
    public static IReadOnlyList<SolidityTest> Discover()
    {
        string folder = Path.Combine(NodeTools.ContractsFolder, "test");
        return [.. Directory.EnumerateFiles(folder, "*.t.sol", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .SelectMany(DiscoverIn)];
    }

    private static IEnumerable<SolidityTest> DiscoverIn(string path)
    {
        string file = Path.GetRelativePath(NodeTools.ContractsFolder, path).Replace('\\', '/');
        string contract = "";
        foreach (Match match in Declaration.Matches(File.ReadAllText(path)))
        {
            if (match.Groups["contract"].Success)
            {
                contract = match.Groups["contract"].Value;
            }
            else
            {
                yield return new SolidityTest($"{file}:{contract}", match.Groups["test"].Value);
            }
        }
    }

    [GeneratedRegex(@"^contract (?<contract>\w+)|^\s+function (?<test>(test|invariant)\w*)\(", RegexOptions.Multiline)]
    private static partial Regex Declaration { get; }
}
