using Research.Chain;
using Research.Interactive.Chains;
using Research.Interactive.Formatters;

namespace Research.Interactive.Magics;

/// <summary><c>#!chain</c>: a local chain that ends with its kernel.</summary>
internal static class ChainMagic
{
    private const string Variable = "chain";

    public static Magic Create() => new(
        "#!chain",
        "Runs a local chain with a market, on the loopback interface, until the kernel ends.",
        ["#!chain up [--state FILE] [--accounts N] [--port P]", "#!chain status", "#!chain down"],
        [
            new("VERB", "up: starts it and declares the variable chain; status: shows it; down: stops it.")
            {
                Complete = _ => ["up", "status", "down"],
            },
            new("--state", "The file that keeps the chain for the next time; left out, it is forgotten.") { Value = "FILE" },
            new("--accounts", "Funded accounts, 10 if left out.") { Value = "N" },
            new("--port", "Loopback port; left out, any free one.") { Value = "P" },
        ],
        RunAsync);

    private static Task RunAsync(MagicCall call, CancellationToken cancellationToken) =>
        call.Arguments.Verb("up", "status", "down") switch
        {
            "up" => UpAsync(call, cancellationToken),
            "down" => DownAsync(call),
            _ => StatusAsync(call, cancellationToken),
        };

    private static async Task UpAsync(MagicCall call, CancellationToken cancellationToken)
    {
        if (call.Session.Chain is { } running)
        {
            throw new RefusedException($"up: a chain runs already, at {running.Chain.Endpoint}: #!chain down stops it.");
        }

        DevChainOptions options = new()
        {
            Accounts = call.Arguments.Whole("--accounts", 1, 1000) ?? 10,
            Port = call.Arguments.Whole("--port", 0, (int)ushort.MaxValue) ?? 0,
            StateFile = call.Arguments.Text("--state") is string file ? call.PathOf(file) : null,
        };
        LiveOutput shown = LiveOutput.Show("starting a local chain");
        LocalChain chain = await LocalChain.StartAsync(options, new Shown(shown), cancellationToken).ConfigureAwait(false);
        call.Session.Keep(chain);
        await call.Variables.DeclareAsync(Variable, chain.Chain, cancellationToken).ConfigureAwait(false);
        shown.Update(CardOf(chain).Line("variable", $"{Variable}, a DevChain"));
    }

    private static async Task DownAsync(MagicCall call)
    {
        LocalChain running = Running(call.Session, "down");
        await call.Session.StopChainAsync().ConfigureAwait(false);
        LiveOutput.Show($"The chain at {running.Chain.Endpoint} has ended.");
    }

    private static async Task StatusAsync(MagicCall call, CancellationToken cancellationToken)
    {
        LocalChain running = Running(call.Session, "status");
        ulong block = await running.Chain.Client.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false);
        LiveOutput.Show(CardOf(running).Line("block", $"{block}"));
    }

    private static LocalChain Running(MagicSession session, string verb) =>
        session.Chain ?? throw new RefusedException($"{verb}: no chain runs here: #!chain up starts one.");

    private static Card CardOf(LocalChain chain) =>
        ChainCards.Of(chain.Chain).Line("market", chain.Market.ToString());

    private sealed class Shown(LiveOutput output) : IProgress<string>
    {
        public void Report(string value) => output.Update(value);
    }
}
