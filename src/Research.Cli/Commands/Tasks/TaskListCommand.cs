using System.CommandLine;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Cli.Tasks;
using Research.Interactive.Chains;
using Research.Market;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task list</c>: the tasks of a market, newest first.</summary>
internal static class TaskListCommand
{
    private const int Most = 1000;

    public static Command Create()
    {
        MarketOptionSet market = new();
        Option<int> limit = BoundedOption.Create("--limit", "The newest so many", 20, 1, Most);
        Command command = new("list", "List a market's tasks, newest first, and what can be done next in each.")
        {
            limit,
        };
        market.AddTo(command, signs: false, looks: true);
        command.SetAction((parse, cancellationToken) => RunAsync(
            market.Read(parse), parse.GetValue(limit), parse.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    /// <summary>Lists tasks; their specifications are not needed.</summary>
    internal static async Task<int> RunAsync(
        MarketOptions options, int limit, TextWriter output, CancellationToken cancellationToken)
    {
        using MarketSession session = await MarketSession.OpenAsync(options, signs: false, cancellationToken)
            .ConfigureAwait(false);
        ulong count = await session.Market.TaskCountAsync(cancellationToken).ConfigureAwait(false);
        VerbReport report = session.Report();
        JsonArray tasks = [];
        report.Field("market", session.Market.Address.ToString()).Field("count", count).Field("tasks", tasks);
        report.Line("market", $"{session.Market.Address}, {count} {(count == 1 ? "task" : "tasks")}");
        for (ulong id = count; id > 0 && count - id < (ulong)limit; id--)
        {
            MarketTask task = await session.Market.GetTaskAsync(id, cancellationToken).ConfigureAwait(false);
            TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
            Currency currency = await session.CurrencyAsync(task.Terms.Token, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<string> steps = await new NextSteps(
                session.Market, session.Store, task, now, options.Account, session.Native)
                .FindAsync(cancellationToken).ConfigureAwait(false);
            report.Line(
                $"task {id}", $"{currency.Of(task.Terms.Pool)} over {LockReport.Rounds(task.Terms)}, {now.Words}");
            foreach (string step in steps)
            {
                report.Line("", step);
            }

            tasks.Add(new JsonObject
            {
                ["task"] = id,
                ["sponsor"] = task.Sponsor.ToString(),
                ["spec"] = task.Terms.SpecHash.ToContentHash().ToString(),
                ["pool"] = VerbReport.Json(task.Terms.Pool),
                ["currency"] = currency.ToJson(),
                ["rounds"] = task.Terms.Rounds,
                ["finalised"] = task.Finalised,
                ["phase"] = now.Position.Phase.ToString(),
                ["until"] = now.Until,
                ["next"] = new JsonArray([.. steps.Select(step => JsonValue.Create(step))]),
            });
        }

        await report.WriteAsync(options.Json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }
}
