using Research.Scripting.Scripts;
using Research.Tests.Notebooks;
using Research.Tests.Tools;

namespace Research.Tests.Scripts;

/// <summary>The scripts that the repository ships, run as a user runs them.</summary>
public sealed class RepositoryScriptsTests
{
    [Fact]
    public async Task TrainPrivately_WithALedger_TrainsAndCharges()
    {
        using TemporaryFolder folder = new();
        string ledger = folder.File("home");

        (int exitCode, string output, string error) =
            await RunAsync("train-privately", "--steps", "40", "--ledger", ledger);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("privacy    epsilon 3.00 for this run", output, StringComparison.Ordinal);
        Assert.Contains("charges so far: 1", output, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(Path.Combine(ledger, "ledger.jsonl")).Length);
    }

    // The cap bounds the second run, whatever it asks for, and leaves nothing for a third.
    [Fact]
    public async Task TrainPrivately_PastTheCap_FailsBeforeTraining()
    {
        using TemporaryFolder folder = new();
        string[] arguments = ["--steps", "40", "--epsilon", "20", "--ledger", folder.File("home")];
        Assert.Equal(0, (await RunAsync("train-privately", arguments)).ExitCode);

        (int exitCode, string output, string error) = await RunAsync("train-privately", arguments);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("and the cap is 8", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train-privately", "--epsilon", "much")]
    [InlineData("train-privately", "--epsilon", "-1")]
    [InlineData("train-privately", "--help", "")]
    [InlineData("publish-spec", "--pool", "a lot")]
    [InlineData("publish-spec", "--rpc", "nowhere")]
    [InlineData("publish-spec", "--rpc", "http://127.0.0.1:9")]
    public async Task Script_WrongUsage_ExitsWith2(params string[] arguments)
    {
        (int exitCode, string output, string error) = await RunAsync(arguments[0], arguments[1..]);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.NotEmpty(error);
    }

    [RequiresFact("node", "npm")]
    public async Task PublishSpec_OnALocalChain_Publishes()
    {
        NodeTools.EnsureInstalled();

        (int exitCode, string output, string error) = await RunAsync("publish-spec", "--pool", "0.5");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("pool           0.5 ETH for 3 rounds", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string name, params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        string path = Path.Combine(RepositoryNotebook.Folder, "scripts", $"{name}.csx");
        int exitCode = await ScriptRunner.RunAsync(path, arguments, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }
}
