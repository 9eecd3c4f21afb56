using Research.Tests.Tools;

namespace Research.Tests.Contracts;

/// <summary>Runs the contracts' own tests, a row each, so that <c>dotnet test</c> runs everything.</summary>
public sealed class ForgeTests(ForgeRun run) : IClassFixture<ForgeRun>
{
    public static TheoryData<string, string> SolidityTests()
    {
        TheoryData<string, string> rows = [];
        foreach (SolidityTest test in SolidityTest.Discover())
        {
            rows.Add(test.Suite, test.Name);
        }

        return rows;
    }

    [RequiresTheory("node", "npm")]
    [MemberData(nameof(SolidityTests))]
    public void Forge_Test_Passes(string suite, string test)
    {
        bool ran = run.Failures.TryGetValue(new SolidityTest(suite, test), out string? failure);

        Assert.True(ran, $"forge did not run {suite} {test}.");
        Assert.True(failure is null, failure);
    }

    [RequiresFact("node", "npm")]
    public void Forge_EveryTestThatRan_HasItsRow()
    {
        IEnumerable<SolidityTest> unnamed = run.Failures.Keys.Except(SolidityTest.Discover());

        Assert.Empty(unnamed);
        Assert.NotEmpty(run.Failures);
    }

    [RequiresFact("node", "npm")]
    public void Artefact_Committed_IsWhatTheSourcesCompileTo()
    {
        _ = run.Failures; // forge writes one output folder: first the tests, then this.

        (int exitCode, string output, string error) = NodeTools.Run("node", "scripts/artifacts.js", "--check");

        Assert.True(exitCode == 0, output + error);
    }
}
