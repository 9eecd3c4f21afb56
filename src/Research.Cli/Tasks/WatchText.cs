using System.Globalization;
using System.Text.Json;
using Research.Chain.Contracts;
using Research.Chain.Networks;
using Research.Chain.Primitives;
using Research.Market.Watching;

namespace Research.Cli.Tasks;

/// <summary>What a watcher did or saw, as a line for people or for programs.</summary>
internal static class WatchText
{
    /// <summary>Gets a line for people, with its time.</summary>
    public static string Line(WatchEvent happened, DateTimeOffset time, EthereumNetwork? network)
    {
        string transaction = happened.Transaction is null ? "" : $", transaction {happened.Transaction}";
        string link = Link(happened, network) is string address ? $" ({address})" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{time.ToLocalTime():yyyy-MM-dd HH:mm:ss}  "
                + $"{Where(happened)}{Words(happened, Currency.Native(network?.Symbol))}{transaction}{link}");
    }

    /// <summary>Gets a JSON document on one line.</summary>
    public static string Json(
        WatchEvent happened, DateTimeOffset time, EthereumNetwork? network) => JsonReport.WriteLine(json =>
    {
        json.WriteStartObject();
        json.WriteString("time", time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("action", JsonNamingPolicy.CamelCase.ConvertName(happened.Action.ToString()));
        Number("task", happened.TaskId);
        Number("round", (ulong?)(happened.Round + 1));
        Text("claimant", happened.Claimant?.ToString());
        Number("count", (ulong?)happened.Count);
        Text("tree", happened.Tree?.ToString().ToLowerInvariant());
        Number("level", (ulong?)happened.Level);
        Number("levels", (ulong?)happened.Levels);
        Number("until", happened.Until);
        Text("amountWei", happened.Amount?.Amount.ToString(CultureInfo.InvariantCulture));
        Number("at", (ulong?)happened.At);
        Text("outcome", happened.Outcome?.ToString());
        Text("transaction", happened.Transaction?.ToString());
        Text("link", Link(happened, network));
        Text("why", happened.Why);
        json.WriteEndObject();

        void Number(string name, ulong? value)
        {
            if (value is ulong number)
            {
                json.WriteNumber(name, number);
            }
        }

        void Text(string name, string? value)
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }
    });

    private static string? Link(WatchEvent happened, EthereumNetwork? network) =>
        happened.Transaction is Bytes32 hash ? network?.Explorer?.Transaction(hash) : null;

    private static string Where(WatchEvent happened) => (happened.TaskId, happened.Round) switch
    {
        (null, _) => "",
        (ulong task, null) => $"task {task}: ",
        (ulong task, int round) => $"task {task}, round {round + 1}: ",
    };

    private static string Words(WatchEvent happened, Currency native) => happened.Action switch
    {
        WatchAction.NodeAway => $"the node is away, and asked again later: {happened.Why}",
        WatchAction.Skipped => $"not watched: {happened.Why}",
        WatchAction.Failed => $"failed, and tried again later: {happened.Why}",
        WatchAction.UpdatesDemanded =>
            $"demanded {happened.Count} pieces of updates that can be had nowhere; due {Until(happened)}",
        WatchAction.Scored => $"scored {happened.Count} updates",
        WatchAction.Sealed => $"sealed a claim, bond {native.Of(happened.Amount ?? Wei.Zero)}; it must be "
            + $"opened by {Until(happened)}",
        WatchAction.Posted => "opened the claim",
        WatchAction.FoundWrong => $"the claim of {happened.Claimant}{Copies(happened)} is not what scoring gives",
        WatchAction.NotReady =>
            $"the claim of {happened.Claimant} cannot be refuted before the round before is final",
        WatchAction.NodeDemanded =>
            $"demanded {Node(happened)} of the claim of {happened.Claimant}, for a fee of "
                + $"{native.Of(happened.Amount ?? Wei.Zero)}",
        WatchAction.NodeAwaited =>
            $"{Node(happened)} of the claim of {happened.Claimant} is due {Until(happened)}; then it falls",
        WatchAction.TooLate =>
            $"too late: {Node(happened)} of the claim of {happened.Claimant} could be demanded until {Until(happened)}",
        WatchAction.NodeAnswered => $"showed {Node(happened)} of a right claim"
            + (happened.Amount is null ? ", for nothing" : $", for a fee of {native.Of(happened.Amount ?? Wei.Zero)}"),
        WatchAction.AnswerDue =>
            $"{Node(happened)} of the right claim of {happened.Claimant} is demanded, due {Until(happened)}: it is shown here, "
            + "unless its claimant does so soon",
        WatchAction.Announced => $"announced a refutation of the claim of {happened.Claimant}{At(happened)}",
        WatchAction.Refuted => $"refuted the claim of {happened.Claimant}{At(happened)}",
        WatchAction.Expired => $"the claim of {happened.Claimant} fell: it did not show {Node(happened)}",
        WatchAction.RightFell =>
            $"the claim of {happened.Claimant} fell, and is right: nobody showed in time what was demanded of it",
        WatchAction.Struck => $"took the bond of {happened.Claimant}"
            + (happened.Amount is Wei struck ? $": {native.Of(struck)} of it came in" : ", for whoever refuted it"),
        WatchAction.Finalised => happened.Claimant is null
            ? $"finalised: {happened.Outcome?.ToString().ToLowerInvariant()}"
            : $"finalised by the claim of {happened.Claimant}",
        WatchAction.BondCollected => $"took back the bond and what it earned: {native.Of(happened.Amount ?? Wei.Zero)}",
        WatchAction.FeeCollected => $"took the fee of {Node(happened)}: {native.Of(happened.Amount ?? Wei.Zero)}",
        _ => happened.Action.ToString(),
    };

    private static string Node(WatchEvent happened)
    {
        string of = happened.Levels is int levels ? $" of {levels}" : "";
        return $"node {happened.Level + 1}{of} of the {(happened.Tree == CaseTree.Results ? "results" : "trace")}";
    }

    private static string Copies(WatchEvent happened) =>
        happened.Count is int count and > 1 ? $" (and {count - 1} more that say the same)" : "";

    private static string At(WatchEvent happened) =>
        happened.At is long at ? string.Create(CultureInfo.InvariantCulture, $", at byte {at:N0} of its trace") : "";

    private static string Until(WatchEvent happened) => LocalTime.At(happened.Until ?? 0);
}
