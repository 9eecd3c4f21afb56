using System.CommandLine;
using System.Globalization;
using Research.Chain.Primitives;
using Research.Cli.Tasks;
using Research.Market.Watching;

namespace Research.Cli.Commands.Tasks;

/// <summary>
/// <c>research task watch</c>: scores rounds, refutes claims that say otherwise, answers for those that do not, and ends
/// rounds.
/// </summary>
internal static class TaskWatchCommand
{

    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong[]> ids = Ids();
        Option<bool> all = new("--all") { Description = "Watch all tasks of the market, later ones too." };
        Option<bool> once = new("--once")
        {
            Description = "Do what can be done now, and end; exit 1 where something failed. For a timer.",
        };
        Option<int> interval = BoundedOption.Create("--interval", "Seconds between two looks", 60, 1, 86_400);
        Option<WatchClaims> claims = Claims();
        Command command = new(
            "watch",
            "Watch tasks: score their rounds, refute wrong claims and be paid from their bonds, answer what is demanded of "
            + "right ones, finalise, collect. Ends with Ctrl-C; started again, it goes on where it was.")
        {
            ids, all, once, interval, claims,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(ids) is null or { Tokens.Count: 0 } == !result.GetValue(all))
            {
                result.AddError("ID, --all: expected the numbers of tasks, or --all, one of the two.");
            }
        });
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse),
            parse.GetValue(all) ? null : parse.GetValue(ids),
            parse.GetValue(once) ? null : TimeSpan.FromSeconds(parse.GetValue(interval)),
            new WatchOptions { Claims = parse.GetValue(claims) },
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>Looks, does what can be done, and looks again.</summary>
    /// <param name="options">Where.</param>
    /// <param name="ids">The tasks; null for all.</param>
    /// <param name="interval">How long to wait between two looks; null to look once.</param>
    /// <param name="how">How to go about it.</param>
    /// <param name="output">Where a line is written for each thing done or seen.</param>
    /// <param name="error">Where it is said what is watched.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<int> RunAsync(
        MarketOptions options,
        IReadOnlyList<ulong>? ids,
        TimeSpan? interval,
        WatchOptions how,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
            .ConfigureAwait(false);
        foreach (ulong id in ids ?? [])
        {
            await session.FindAsync(id, cancellationToken).ConfigureAwait(false);
        }

        await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
        UserFolder.MakePrivate(options.PrivateFolder);
        using Watcher watcher = new(session.Market, session.Store, options.PrivateFolder, how);
        await error.WriteLineAsync(
            $"Watching {(ids is null ? "all tasks" : $"task{(ids.Count == 1 ? "" : "s")} {string.Join(", ", ids)}")} of "
            + $"{session.Market.Address} as {session.Self}. "
            + (options.Node.IsDryRun
                ? "A dry run: it ends with the first transaction that it would send, and nothing is written."
                : $"What opens its claims is in {options.PrivateFolder}."))
            .ConfigureAwait(false);
        HashSet<WatchEvent> before = [];
        SynchronousProgress<WatchEvent> progress = new(happened =>
        {
            if (!before.Contains(happened)) // What is only seen again is not said again.
            {
                DateTimeOffset time = TimeProvider.System.GetUtcNow();
                output.WriteLine(options.Json
                    ? WatchText.Json(happened, time, session.Network)
                    : TerminalText.Clean(WatchText.Line(happened, time, session.Network)));
                output.Flush();
            }
        });
        while (true)
        {
            IReadOnlyList<WatchEvent> events;
            try
            {
                events = await watcher.PassAsync(ids, progress, cancellationToken).ConfigureAwait(false);
                if (interval is not TimeSpan pause)
                {
                    return events.Any(one => one.Action is WatchAction.Failed or WatchAction.NodeAway)
                        ? CommandRunner.Failure
                        : CommandRunner.Success;
                }

                before = [.. events];
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await error.WriteLineAsync("Stopped. The next watch goes on where this one was.").ConfigureAwait(false);
                return CommandRunner.Success;
            }
        }
    }

    private static Argument<ulong[]> Ids() => new("ID")
    {
        Description = "The tasks' numbers, from 1.",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = result =>
        {
            List<ulong> ids = [];
            foreach (string text in result.Tokens.Select(token => token.Value))
            {
                if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong id) || id == 0)
                {
                    result.AddError($"ID: expected a task's number, from 1, got {text}.");
                    return [];
                }

                ids.Add(id);
            }

            return [.. ids.Distinct()];
        },
    };

    private static Option<WatchClaims> Claims() => new("--claim")
    {
        Description = "Whether to claim what scoring gives, with a bond: always, when-nobody (has by three quarters of the "
            + "time, or where this account takes part; the default), or never.",
        HelpName = "always|when-nobody|never",
        DefaultValueFactory = _ => WatchClaims.WhenNobody,
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            switch (text)
            {
                case "always":
                    return WatchClaims.Always;
                case "when-nobody":
                    return WatchClaims.WhenNobody;
                case "never":
                    return WatchClaims.Never;
                default:
                    result.AddError($"--claim: expected always, when-nobody or never, got {text}.");
                    return default;
            }
        },
    };
}
