using System.Net;
using System.Net.Sockets;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Tests.Tools;

namespace Research.Tests.Commands.Tasks;

/// <summary>What cannot be done is said in words, and leaves every balance and nonce as it was.</summary>
public sealed class TaskRefusalTests
{
    [RequiresFact("node", "npm")]
    public async Task Verbs_WrongInput_SayWhatIsWrongAndChangeNothing()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync();
        await chain.CommitAsync(1, id);
        string update = chain.Folder["update-1.safetensors"];
        string other = chain.Folder["other.safetensors"];
        await chain.JsonAsync(
            null, "train", $"{id}", "--data", "digits", "--ledger", chain.Folder["other"], "--epsilon-cap", "200",
            "--out", other);
        string noTask = chain.Folder.Write("no-task.json", SmallSpec.Private);
        string garbage = chain.Folder.Write("garbage.safetensors", "no update");
        string state = await chain.StateAsync();

        (int? Account, string[] Arguments, string Message)[] refusals =
        [
            (0, ["publish", "--spec", noTask, "--pool", "1"], "no-task.json, $.task: expected a task section"),
            (
                0,
                [
                    "publish", "--spec", chain.Folder["spec.json"], "--pool", "20000", "--evaluation", "digits",
                    "--again", "--audit-fee", "0.5",
                ],
                "and needs 20000.5 ETH and gas"),
            (0, ["publish", "--spec", chain.Folder["none.json"], "--pool", "1"], "--spec: there is no file"),
            (
                0,
                ["publish", "--spec", chain.Folder["spec.json"], "--pool", "1", "--evaluation", garbage, "--again"],
                "--evaluation: expected a data set"),
            (
                0,
                ["publish", "--spec", chain.Folder["spec.json"], "--pool", "1", "--evaluation", "digits", "--again",
                    "--start", "2020-01-01T00:00Z"],
                "--start: expected a time from now on"),
            (
                0,
                ["publish", "--spec", chain.Folder["spec.json"], "--pool", "1", "--evaluation", "digits", "--again",
                    "--start", "2100-01-01T00:00Z", "--deploy"],
                "--start: expected a time from now on"),
            (
                0,
                ["publish", "--spec", chain.Folder["spec.json"], "--pool", "1", "--evaluation", "digits", "--again",
                    "--stake", "0.26"],
                "--stake: expected more than 0 and at most 0.25 ETH"),
            (
                0,
                ["publish", "--spec", chain.Folder["spec.json"], "--pool", "1", "--evaluation", "digits", "--again",
                    "--bond", "11"],
                "--bond: expected more than 0 and at most 10 ETH"),
            (
                0,
                ["publish", "--spec", chain.Folder["spec.json"], "--pool", "1", "--evaluation", "digits", "--again",
                    "--answer-seconds", "9"],
                "--answer-seconds: updates travel in their reveals"),
            (
                0,
                ["publish", "--spec", chain.Folder["spec.json"], "--pool", "1", "--evaluation", "digits", "--again",
                    "--token", "0x00000000000000000000000000000000000000aa"],
                "There is no contract at"),
            (
                0,
                ["publish", "--spec", chain.Folder["spec.json"], "--pool", "1", "--evaluation", "digits", "--again",
                    "--allow", garbage],
                "garbage.safetensors, line 1: Expected an address"),
            (
                0,
                ["publish", "--spec", chain.Folder["spec.json"], "--pool", "1"],
                "of round 1 are not among those kept in"),
            (
                null,
                ["publish", "--spec", chain.Folder["spec.json"], "--pool", "1", "--evaluation", "digits"],
                "RESEARCH_PRIVATE_KEY is not set"),
            (null, ["show", "7"], "There is no task 7"),
            (2, ["commit", "7", "--update", update], "it has tasks 1 to 1."),
            (2, ["commit", $"{id}", "--update", garbage], "garbage.safetensors"),
            (1, ["commit", $"{id}", "--update", other], "has committed to another update in round 1 of task 1 already"),
            (1, ["reveal", $"{id}"], "commit window of round 1 of 1, until"),
            (1, ["reveal", $"{id}", "--round", "2"], "--round: expected 1 to 1"),
            (null, ["score", $"{id}"], "round 1 can be scored from"),
            (3, ["score", $"{id}", "--seal"], "claims in round 1 are sealed from"),
            (3, ["score", $"{id}", "--post"], "claims in round 1 are opened from"),
            (1, ["answer", $"{id}"], "Its updates travel whole in their reveals"),
            (3, ["demand", $"{id}"], "Its updates travel whole in their reveals"),
            (3, ["forfeit", $"{id}", $"{chain.Chain.Accounts[1].Address}"], "is not lost yet: it can be burned from"),
            (3, ["forfeit", $"{id}", $"{chain.Chain.Accounts[2].Address}"], "there is nothing to burn"),
            (3, ["finalise", $"{id}"], "round 1 can be finalised from"),
            (1, ["claim", $"{id}"], "commit window of round 1 of 1"),
            (1, ["withdraw", $"{id}"], "is held until the commitment of round 1 is revealed"),
            (2, ["withdraw", $"{id}"], "there is nothing to withdraw"),
            (1, ["refund", $"{id}", "--recipient", $"{chain.Chain.Accounts[1].Address}"], "only the sponsor"),
            (0, ["refund", $"{id}"], "there is nothing to refund"),
            (null, ["list", "--market", chain.Chain.Accounts[8].Address.ToString()], "There is no contract at"),
            (2, ["commit", $"{id}", "--update", update, "--store", chain.Folder["elsewhere"]], "is not in the store"),
        ];
        foreach ((int? account, string[] arguments, string message) in refusals)
        {
            CommandLineResult result = await chain.TaskAsync(account, arguments);

            Assert.Contains(message, result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("bug in research", result.Error, StringComparison.Ordinal);
            Assert.Equal((1, ""), (result.ExitCode, result.Output));
        }

        Assert.Equal(state, await chain.StateAsync());
    }

    [RequiresFact("node", "npm")]
    public async Task Commit_AccountWithoutFunds_SaysSo()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        ulong id = await chain.PublishAsync();
        string update = chain.Folder["u.safetensors"];
        await chain.JsonAsync(
            null, "train", $"{id}", "--data", "digits", "--ledger", chain.Folder["home"], "--epsilon-cap", "200", "--out", update);
        Wei balance = await chain.Chain.Client.GetBalanceAsync(chain.Chain.Accounts[7].Address);
        CallRequest all = new() { To = chain.Chain.Accounts[8].Address, Value = balance - Wei.FromEther("0.1") };
        await chain.Chain.Client.SendAsync(chain.Chain.Accounts[7], all);

        CommandLineResult result = await chain.TaskAsync(7, "commit", $"{id}", "--update", update);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("and needs 0.3 ETH and gas: fund it", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(chain.Folder["own-7"]));
    }

    [Fact]
    public async Task List_NoNodeThere_SaysWhatWasTried()
    {
        CommandLineResult result = await CommandLine.RunAsync(
            "task", "list", "--rpc", "http://127.0.0.1:9", "--market", "0x5FbDB2315678afecb367f032d93F642f64180aa3");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("127.0.0.1:9", result.Error, StringComparison.Ordinal);
        Assert.Contains("Check that a node listens on that port", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NodeThatDoesNotAnswer_GivesUpAfter4Seconds()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start(); // The system accepts, and nobody reads.

        CommandLineResult result = await CommandLine.RunAsync(
            "task", "list", "--rpc", $"http://{silent.LocalEndpoint}",
            "--market", "0x5FbDB2315678afecb367f032d93F642f64180aa3");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("no answer within 4 s", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ID: expected a task's number, from 1, got 0.", "show", "0")]
    [InlineData("--rpc: expected a node's address", "show", "1", "--rpc", "localhost")]
    [InlineData("--market: Expected an address", "show", "1", "--market", "0x12")]
    [InlineData("--pool: expected an amount such as 10", "publish", "--spec", "a", "--pool", "1e3")]
    [InlineData("--pool: expected more than 0", "publish", "--spec", "a", "--pool", "0")]
    [InlineData(
        "--commit-seconds: expected a whole number from 1",
        "publish", "--spec", "a", "--pool", "1", "--commit-seconds", "0")]
    [InlineData("--round: expected a whole number from 1", "claim", "1", "--round", "0")]
    [InlineData("--recipient: Expected an address", "claim", "1", "--recipient", "me")]
    [InlineData("PARTICIPANT: Expected an address", "forfeit", "1", "0x1")]
    [InlineData("--seal, --post: expected one of them", "score", "1", "--seal", "--post")]
    [InlineData(
        "--target-accuracy: expected a share", "publish", "--spec", "a", "--pool", "1", "--target-accuracy", "1.1")]
    [InlineData("--start: expected a time such as", "publish", "--spec", "a", "--pool", "1", "--start", "noon")]
    [InlineData(
        "--delivery: expected calldata or demand", "publish", "--spec", "a", "--pool", "1", "--delivery", "post")]
    [InlineData("--account: Expected an address", "show", "1", "--account", "me")]
    public async Task Verbs_WrongUsage_ExitWith2(string message, params string[] arguments)
    {
        CommandLineResult result = await CommandLine.RunAsync(["task", .. arguments]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }
}
