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
        [
            "#!chain up [--state FILE] [--accounts N] [--port P]",
            "#!chain status",
            "#!chain advance TIME | --to TIME",
            "#!chain down",
        ],
        [
            new(
                "VERB",
                "up: starts it and declares the variable chain; status: shows it; advance: moves its clock forward; "
                + "down: stops it.")
            {
                Complete = _ => ["up", "status", "advance", "down"],
            },
            new("TIME", "advance: how far, such as 90s, 15m, 2h or 3d."),
            new("--to", "advance: the time to move to instead, such as 2026-12-01T00:00:00Z.") { Value = "TIME" },
            new("--state", "The file that keeps the chain for the next time; left out, it is forgotten.") { Value = "FILE" },
            new("--accounts", "Funded accounts, 10 if left out.") { Value = "N" },
            new("--port", "Loopback port; left out, any free one.") { Value = "P" },
        ],
        RunAsync);

    private static Task RunAsync(MagicCall call, CancellationToken cancellationToken)
    {
        string verb = call.Arguments.Verb("up", "status", "advance", "down");
        if (verb != "advance" && call.Arguments.Words.Count > 1)
        {
            throw MagicArguments.Unexpected("words", $"{verb} alone, and options", call.Arguments.Words[1]);
        }

        return verb switch
        {
            "up" => UpAsync(call, cancellationToken),
            "advance" => AdvanceAsync(call, cancellationToken),
            "down" => DownAsync(call),
            _ => StatusAsync(call, cancellationToken),
        };
    }

    private static async Task UpAsync(MagicCall call, CancellationToken cancellationToken)
    {
        if (call.Session.Chain is { HasEnded: true })
        {
            await call.Session.StopChainAsync().ConfigureAwait(false); // anvil is gone; what was kept can go on.
        }

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
        Shown shown = new(LiveOutput.Show("starting a local chain"));
        LocalChain chain = await LocalChain.StartAsync(options, shown, cancellationToken).ConfigureAwait(false);
        call.Session.Keep(chain);
        await call.Variables.DeclareAsync(Variable, chain.Chain, cancellationToken).ConfigureAwait(false);
        shown.Done(() => CardOf(chain).Line("variable", $"{Variable}, a DevChain"));
    }

    private static async Task AdvanceAsync(MagicCall call, CancellationToken cancellationToken)
    {
        ClockMove move = ClockMove.Parse(call.Arguments.Words.ElementAtOrDefault(1), call.Arguments.Text("--to"));
        LocalChain running = Running(call.Session, "advance");
        ClockMoved moved = await move.ApplyAsync(running.Chain.Client, cancellationToken).ConfigureAwait(false);
        LiveOutput.Show(
            $"The chain's clock went from {ClockMoved.Text(moved.Before)} to {ClockMoved.Text(moved.After)}, at block "
            + $"{moved.Block}.");
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

    // What a running chain reports later, such as a full disk, goes below its card.
    private sealed class Shown(LiveOutput output) : IProgress<string>
    {
        private readonly Lock _lock = new();
        private readonly List<string> _reports = [];
        private Func<Card>? _card;

        public void Report(string value)
        {
            lock (_lock)
            {
                _reports.Add(value);
                Show(value);
            }
        }

        public void Done(Func<Card> card)
        {
            lock (_lock)
            {
                _card = card;
                Show("");
            }
        }

        private void Show(string report) =>
            output.Update(_card is null ? report : _reports.Aggregate(_card(), (card, line) => card.Note(line)));
    }
}
