using System.CommandLine;
using System.Globalization;
using Research.Chain;
using Research.Chain.Primitives;
using Research.Cli.Tasks;
using Research.Interactive;
using Research.Interactive.Chains;

namespace Research.Cli.Commands;

/// <summary>
/// <c>research chain</c>: a local chain in the foreground that is there again next time, and its clock.
/// </summary>
internal static class ChainCommand
{
    private const int DefaultPort = 8545;

    private const string Warning =
        "WARNING: everybody knows these keys. Never send anything of value to these accounts on another chain.";

    public static Command Create() => new("chain", "Run a local chain, and move its clock.")
    {
        CreateUp(), ChainAdvanceCommand.Create(),
    };

    private static Command CreateUp()
    {
        Option<string?> state = PathOption.Optional(
            "--state",
            "The file that keeps the chain; left out, state.json in research/chain in your application data folder.");
        Option<int> accounts = BoundedOption.Create("--accounts", "Funded accounts", 10, 1, 1000);
        Option<int> port = BoundedOption.Create(
            "--port", "Loopback port, 0 for any free one", DefaultPort, 0, (int)ushort.MaxValue);
        Option<bool> json =
            new("--json") { Description = "Print one JSON document, on one line, once the chain is up." };
        Command command = new("up", "Run a local chain with a market until Ctrl-C; it is kept in a file.")
        {
            state, accounts, port, json,
        };
        command.SetAction((parse, cancellationToken) => UpAsync(
            parse.GetValue(state),
            parse.GetValue(accounts),
            parse.GetValue(port),
            parse.GetValue(json),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>Runs a chain until cancelled, which is how it is meant to end.</summary>
    /// <exception cref="CommandException">The chain cannot start, or has ended by itself.</exception>
    internal static async Task<int> UpAsync(
        string? state,
        int accounts,
        int port,
        bool json,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        string file = Path.GetFullPath(state ?? Path.Combine(UserFolder.PathOf("chain", "--state"), "state.json"));
        DevChainOptions options = new() { Accounts = accounts, Port = port, StateFile = file };
        LocalChain local = await StartAsync(options, new SynchronousProgress<string>(error.WriteLine), cancellationToken)
            .ConfigureAwait(false);
        await using (local.ConfigureAwait(false))
        {
            (DevChain chain, Address market) = (local.Chain, local.Market);
            await output.WriteLineAsync(json ? Json(chain, market, file) : Text(chain, market, file))
                .ConfigureAwait(false);
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            await error.WriteLineAsync(Warning).ConfigureAwait(false);
            try
            {
                await local.WaitForEndAsync(cancellationToken).ConfigureAwait(false);
                throw new CommandException(Ended(local, file));
            }
            catch (OperationCanceledException)
            {
                await error.WriteLineAsync($"Stopping; the chain is kept in {file}.").ConfigureAwait(false);
            }
        }

        return CommandRunner.Success;
    }

    private static async Task<LocalChain> StartAsync(
        DevChainOptions options, IProgress<string> progress, CancellationToken cancellationToken)
    {
        try
        {
            return await LocalChain.StartAsync(options, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (RefusedException e)
        {
            throw new CommandException(e.Message, innerException: e);
        }
    }

    private static string Ended(LocalChain local, string file)
    {
        string kept = local.KeptBlock is ulong block
            ? string.Create(CultureInfo.InvariantCulture, $"the chain is kept in {file} up to block {block}")
            : $"the chain was not kept in {file}";
        return $"anvil, which runs the chain, has ended; {kept}. research chain up runs it again.";
    }

    private static string Text(DevChain chain, Address market, string file)
    {
        IReadOnlyList<string> keys = DevChain.PublicKnowledgeKeys(chain.Accounts.Count);
        string accounts = string.Join('\n', chain.Accounts.Select((account, i) => $"  {account.Address}  {keys[i]}"));
        return $"""
            chain       {chain.Endpoint} (chain {DevChain.ChainId}), kept in {file}
            market      {market}
            accounts    each with 10,000 ETH at first; address and public development key:
            {accounts}

              export RESEARCH_RPC={chain.Endpoint}
              export RESEARCH_MARKET={market}
              export RESEARCH_PRIVATE_KEY=   # one of the keys above

            Ctrl-C stops it.
            """.ReplaceLineEndings("\n");
    }

    private static string Json(DevChain chain, Address market, string file) => JsonReport.WriteLine(json =>
    {
        IReadOnlyList<string> keys = DevChain.PublicKnowledgeKeys(chain.Accounts.Count);
        json.WriteStartObject();
        json.WriteString("rpc", chain.Endpoint.ToString());
        json.WriteNumber("chainId", DevChain.ChainId);
        json.WriteString("market", market.ToString());
        json.WriteString("state", file);
        json.WriteStartArray("accounts");
        for (int i = 0; i < chain.Accounts.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("address", chain.Accounts[i].Address.ToString());
            json.WriteString("publicDevelopmentKey", keys[i]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
