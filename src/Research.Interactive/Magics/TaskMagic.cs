using System.Globalization;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Interactive.Chains;
using Research.Interactive.Formatters;
using Research.Plotting;

namespace Research.Interactive.Magics;

/// <summary><c>#!task</c>: the tasks of a market; only reads.</summary>
internal static class TaskMagic
{
    private const int DefaultLimit = 20;
    private const int MostTasks = 1000;
    private const int MostRounds = 50;

    public static Magic Create() => new(
        "#!task",
        "Lists a market's tasks, or shows one: terms, phase, rounds.",
        ["#!task list [--limit N] [--market ADDRESS] [--rpc URL | --network NAME]", "#!task show ID [--market ADDRESS] [--rpc URL | --network NAME]"],
        [
            new("VERB", "list: the newest tasks; show: one of them.") { Complete = _ => ["list", "show"] },
            new("ID", "The task's number, from 1."),
            new("--market", "The market's address; left out, that of #!chain, or RESEARCH_MARKET.") { Value = "ADDRESS" },
            new("--rpc", "The node's JSON-RPC address; left out, that of #!chain, or RESEARCH_RPC.") { Value = "URL" },
            new("--network", "A network by name instead, such as sepolia.") { Value = "NAME" },
            new("--from-block", "Look for events from this block on.") { Value = "N" },
            new("--limit", "The newest so many, 20 if left out.") { Value = "N" },
        ],
        RunAsync);

    private static async Task RunAsync(MagicCall call, CancellationToken cancellationToken)
    {
        string verb = call.Arguments.Verb("list", "show");
        int limit = call.Arguments.Whole("--limit", 1, MostTasks) ?? DefaultLimit;
        ulong? id = Id(call.Arguments, verb);
        using MarketPlace place = MarketPlace.Find(call);
        ulong count = await place.CountAsync(cancellationToken).ConfigureAwait(false);
        if (id is ulong number && number > count)
        {
            throw MagicArguments.Unexpected(
                "ID", count == 0 ? "a task's number, and the market has no task yet" : $"1 to {count}", $"{number}");
        }

        LiveOutput.Show(id is ulong one
            ? await ShowAsync(place, one, cancellationToken).ConfigureAwait(false)
            : await ListAsync(place, count, limit, cancellationToken).ConfigureAwait(false));
    }

    private static ulong? Id(MagicArguments arguments, string verb)
    {
        string word = arguments.Words is [_, string second] ? second : "";
        if (verb == "list")
        {
            return word.Length == 0 ? null : throw MagicArguments.Unexpected("list", "no word after it", word);
        }

        return ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out ulong id) && id > 0
            ? id
            : throw MagicArguments.Unexpected("ID", "a task's number, from 1", word);
    }

    private static async Task<Card> ListAsync(
        MarketPlace place, ulong count, int limit, CancellationToken cancellationToken)
    {
        string symbol = await place.SymbolAsync(cancellationToken).ConfigureAwait(false);
        List<TaskRow> rows = [];
        for (ulong id = count; id > 0 && count - id < (ulong)limit; id--)
        {
            MarketTask task = await place.Market.GetTaskAsync(id, cancellationToken).ConfigureAwait(false);
            TaskMoment now = await place.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
            rows.Add(new TaskRow(
                id.ToString(CultureInfo.InvariantCulture),
                Amount(task.Terms.Pool, task.Terms, symbol),
                now.Phase,
                task.Sponsor.ToString()));
        }

        Card card = new Card("Tasks, newest first")
            .Line("market", place.Market.Address.ToString())
            .Line("tasks", count.ToString(CultureInfo.InvariantCulture));
        return rows.Count == 0 ? card : card.Table(ResultTable.Of(rows));
    }

    private static async Task<Card> ShowAsync(MarketPlace place, ulong id, CancellationToken cancellationToken)
    {
        MarketTask task = await place.Market.GetTaskAsync(id, cancellationToken).ConfigureAwait(false);
        Terms terms = task.Terms;
        string symbol = await place.SymbolAsync(cancellationToken).ConfigureAwait(false);
        TaskMoment now = await place.MomentAsync(id, terms, cancellationToken).ConfigureAwait(false);
        Card card = new Card(string.Create(CultureInfo.InvariantCulture, $"Task {id}"))
            .Line("market", place.Market.Address.ToString())
            .Line("sponsor", task.Sponsor.ToString())
            .Line("spec hash", terms.SpecHash.ToString())
            .Line("program root", terms.ProgramRoot.ToString())
            .Line("pool", $"{Amount(terms.Pool, terms, symbol)} over {terms.Rounds} "
                + $"{(terms.Rounds == 1 ? "round" : "rounds")}, "
                + $"{task.Finalised} finalised, {Amount(task.Carried, terms, symbol)} carried on")
            .Line("locks", $"stake {Native(terms.Stake, symbol)}, bond {Native(terms.Bond, symbol)}; "
                + $"audit fee {Native(terms.AuditFee, symbol)} a round")
            .Line("updates", terms.Delivery == Delivery.Calldata ? "travel in their reveals" : "in the store, or shown on demand")
            .Line("windows", $"commit {terms.CommitSeconds} s, reveal {terms.RevealSeconds} s, answer {terms.AnswerSeconds} s, "
                + $"open {terms.OpenSeconds} s, score {terms.ScoreSeconds} s, refute {terms.RefuteSeconds} s")
            .Line("now", now.Phase);
        int started = now.Position.Phase == Phase.Pending ? 0 : Math.Min(now.Position.Round + 1, terms.Rounds);
        for (int round = Math.Max(0, started - MostRounds); round < started; round++)
        {
            Round state = await place.Market.GetRoundAsync(id, round, cancellationToken).ConfigureAwait(false);
            card.Line(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}"), Words(state, terms, symbol));
        }

        return card;
    }

    private static string Words(Round state, Terms terms, string symbol)
    {
        string outcome = state.Outcome switch
        {
            Outcome.None => "not finalised",
            Outcome.Scored => $"outcome Scored, {Amount(state.Remaining, terms, symbol)} of "
                + $"{Amount(state.Pool, terms, symbol)} not claimed yet",
            _ => $"outcome {state.Outcome}",
        };
        return string.Create(
            CultureInfo.InvariantCulture, $"{state.Reveals} revealed, {state.Claims} claims posted, {outcome}");
    }

    private static string Amount(Wei amount, Terms terms, string symbol) => terms.Token.IsZero
        ? Native(amount, symbol)
        : string.Create(CultureInfo.InvariantCulture, $"{amount.Amount} units of the token {terms.Token}");

    private static string Native(Wei amount, string symbol) => $"{amount.ToEther()} {symbol}";

    private sealed record TaskRow(string Task, string Pool, string Now, string Sponsor);
}
