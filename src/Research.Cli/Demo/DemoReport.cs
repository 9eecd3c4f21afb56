using System.Globalization;
using Research.Plotting;
using Research.Privacy;

namespace Research.Cli.Demo;

/// <summary>Writes a demo's report: one HTML file that reads offline.</summary>
internal static class DemoReport
{
    /// <summary>Lays the report out.</summary>
    public static HtmlPage Write(DemoResult result)
    {
        DemoRound last = result.Rounds[^1];
        HtmlPage page = new HtmlPage("A model, trained in private and paid for")
            .Lead(
                $"{result.Participants.Count} data owners trained one model on {result.Dataset} "
                + $"over {result.Rounds.Count} rounds. "
                + "No record left its owner; a contract paid for what each update was worth.");
        if (!result.Private)
        {
            page.Callout(
                CalloutKind.Warning,
                "Not private",
                "The noise of this run was seeded with --insecure-noise-seed. "
                + "It is reproducible to the bit and protects nobody.");
        }

        page.Callout(
            CalloutKind.Note,
            "Public data",
            $"{result.Dataset} is public. For that reason alone this page shows what no ε covers: losses while training, "
            + "how many records each owner has, and what training without privacy reaches.");
        page.Stats(
            new Stat(
                "Accuracy",
                DemoConsole.Percent(last.Accuracy),
                $"central, not private: {DemoConsole.Percent(result.Central.Accuracy)}"),
            new Stat(
                "Largest ε",
                EpsilonText.Spent(result.Participants.Max(one => one.Epsilon)),
                Invariant($"at δ = {EpsilonText.Exact(result.Delta)}; cap {result.EpsilonCap:R}")),
            new Stat(
                "Rewards",
                $"{DemoConsole.Ether(result.Settlement.RewardsWei)} ETH",
                $"of a pool of {DemoConsole.Ether(result.Settlement.PoolWei)} ETH"),
            new Stat(
                "Time",
                Invariant($"{result.Seconds.Total:F1} s"),
                Invariant($"{result.Seconds.Chain:F1} s of it waiting for the chain")));

        Participants(page, result);
        Pay(page, result);
        Learning(page, result);
        Privacy(page, result);
        Money(page, result);
        Evidence(page, result);
        return page;
    }

    private static void Participants(HtmlPage page, DemoResult result) => page
        .Section("Who took part, and what it earned them")
        .Text(
            "Each round has fresh records that nobody saw before the updates were committed. An update is paid by its "
            + "signal: how far it moves the model where those records would, up to what an honest owner with the quota of "
            + "records achieves. What cannot be told from noise earns nothing, nor does harm, and work that somebody "
            + "committed to first is paid once.")
        .Table(
            ["owner", "behaviour", "records", "ε spent", "share", "reward (ETH)", "balance (ETH)", "why"],
            result.Participants.Select(one => (IReadOnlyList<string>)
            [
                one.Name,
                one.Role,
                Invariant($"{one.Records}"),
                EpsilonText.Spent(one.Epsilon),
                one.Share.ToString("0.00", CultureInfo.InvariantCulture),
                DemoConsole.Ether(one.RewardWei),
                DemoConsole.Ether(one.BalanceChangeWei, signed: true),
                one.Why,
            ]),
            "Share: an update's signal over that of an honest owner with the quota of records, mean over the rounds; at most "
            + "1 is paid. Balance: reward and audit fees, less gas.");

    private static void Pay(HtmlPage page, DemoResult result)
    {
        DemoRound last = result.Rounds[^1];
        string[] names = [.. result.Participants.Select(one => one.Name)];
        Figure figure = Figure.Titled("What each update was worth")
            .WithSubtitle("its signal along the fresh records' own step; above 1 no more is paid")
            .WithAxes("", "signal, in full shares")
            .IncludingY(0);
        foreach (DemoRound round in result.Rounds)
        {
            figure = figure.Bars(
                $"round {round.Round}", names, result.Participants.Select(one => one.Rounds[round.Round - 1].Share));
        }

        page.Section("How the pay came about")
            .Figure(figure
                .Reference(1, "a full share"))
            .Table(
                ["owner", .. result.Participants[0].Rounds[^1].Explanation.Keys.Where(IsShown)],
                result.Participants.Select(one => (IReadOnlyList<string>)
                [
                    one.Name,
                    .. result.Participants[0].Rounds[^1].Explanation.Keys.Where(IsShown)
                        .Select(subject => one.Rounds[^1].Explanation.GetValueOrDefault(subject, "–")),
                ]),
                $"Round {last.Round}, as research task explain says it; demo.json has every round.");

        static bool IsShown(string subject) => subject is "amount" or "near-copies" or "to change it";
    }

    private static void Learning(HtmlPage page, DemoResult result)
    {
        int[] rounds = [0, .. result.Rounds.Select(round => round.Round)];
        page.Section("What the model learned")
            .Figure(
                Figure.Titled("Accuracy by round")
                    .Line("global model", rounds, Accuracies(result), markers: true)
                    .Reference(
                        result.Central.Accuracy,
                        $"central, not private: {DemoConsole.Percent(result.Central.Accuracy)}")
                    .WithAxes("round", "held-out accuracy")
                    .IncludingY(0, 1)
                    .WithValueLabels(),
                Figure.Titled("Loss by round")
                    .Line(
                        "global model",
                        rounds,
                        [result.Untrained.Loss, .. result.Rounds.Select(round => round.Loss)],
                        markers: true)
                    .Reference(result.Central.Loss, Invariant($"central, not private: {result.Central.Loss:F3}"))
                    .WithAxes("round", "held-out loss (nats)")
                    .IncludingY(0)
                    .WithValueLabels())
            .Text(
                "Below, each owner's own view while it trained. No noise covers these curves: they are shown because the "
                + "data are public, and a real owner's never leave.")
            .Figure(TrainingLoss(result));
    }

    private static void Privacy(HtmlPage page, DemoResult result)
    {
        Figure figure = Figure.Titled("ε by round");
        foreach (DemoParticipant one in result.Participants)
        {
            figure = figure.Line(
                one.Name,
                one.Rounds.Select(round => round.Round),
                one.Rounds.Select(round => round.Epsilon),
                one.Role == "honest" ? Dash.Solid : Dash.Dashed,
                markers: true);
        }

        page.Section("What it cost in privacy")
            .Text(
                Invariant($"ε is an upper bound at δ = {EpsilonText.Exact(result.Delta)}, between data sets that ")
                + "differ by one record added or removed. All rounds are one plan, fixed before the first: the first "
                + "round pays for all of them in the owner's ledger. Every owner that trained spent the same, "
                + "because the specification fixes the sampling rate and the noise, never the owner: ε says nothing "
                + "about the size of a shard. Whoever copied released nothing of its own.")
            .Figure(figure
                .Reference(result.EpsilonCap, Invariant($"cap: {result.EpsilonCap:R}"))
                .WithAxes("round", "ε (nats)")
                .IncludingY(0));
    }

    private static void Money(HtmlPage page, DemoResult result) => page
        .Section("Where the money went")
        .Callout(
            CalloutKind.Success,
            "Checked against the chain",
            $"Of the pool of {result.Settlement.PoolWei} wei, {result.Settlement.RewardsWei} wei were paid as rewards and "
            + $"{result.Settlement.BurnedWei} wei burned because nobody earned them; none went back to the sponsor. Those who "
            + $"scored had {result.Settlement.AuditWei} wei of the audit fees. The market holds the rest, "
            + $"{result.Settlement.LeftInMarketWei} wei, to the wei: burned, or too little to divide.")
        .Figure(Rewards(result))
        .Table(
            ["round", "pool (ETH)", "paid (ETH)", "outcome", "also claimed by"],
            result.Rounds.Select(round => (IReadOnlyList<string>)
            [
                Invariant($"{round.Round}"),
                DemoConsole.Ether(round.PoolWei),
                DemoConsole.Ether(round.PaidWei),
                round.Outcome,
                round.ReexecutedBy,
            ]),
            "Two parties scored each round, from the chain and the store alone, sealed what they found, and found the same.");

    private static void Evidence(HtmlPage page, DemoResult result)
    {
        page.Section("Evidence")
            .KeyValues(
                ("specification", result.SpecHash),
                ("market", result.Chain.Market),
                ("chain", Invariant($"{result.Chain.ChainId} ({result.Chain.Client}), task {result.Chain.TaskId}")),
                ("seed", Invariant($"{result.Seed}")),
                ("noise", result.Private ? "secret, from the operating system's generator" : "seeded: not private"))
            .Html(
                "<p>Beside this page: <a href=\"specification.json\">specification.json</a>, "
                + "<a href=\"demo.json\">demo.json</a>, <code>updates/</code> (safetensors), <code>ledgers/</code> "
                + "(what each participant shows of its own), <code>store/</code> (every blob under its SHA-256).</p>\n");
        foreach (DemoRound round in result.Rounds)
        {
            page.Subsection($"Round {round.Round}").KeyValues(
                [
                    ("results' root", round.ResultsRoot),
                    ("model", round.ModelHash),
                    ("trace", round.TraceRoot),
                    ("roster", round.Roster),
                    .. result.Participants.Select(
                        one => ("update of " + one.Name, one.Rounds[round.Round - 1].UpdateHash)),
                ]);
        }

        page.Subsection("Transactions").Table(
            ["block", "round", "sender", "step", "gas", "transaction"],
            result.Transactions.Select(one => (IReadOnlyList<string>)
            [
                Invariant($"{one.Block}"),
                one.Round is int round ? Invariant($"{round}") : "–",
                one.Sender,
                one.Step,
                Invariant($"{one.GasUsed}"),
                one.Hash,
            ]));
    }

    private static IEnumerable<double> Accuracies(DemoResult result) =>
        result.Rounds.Select(round => round.Accuracy).Prepend(result.Untrained.Accuracy)
            .Select(value => Math.Round(value, 3));

    private static Figure Rewards(DemoResult result)
    {
        Figure figure = Figure.Titled("Rewards by owner").Stacked().WithAxes("", "ETH");
        foreach (DemoRound round in result.Rounds)
        {
            figure = figure.Bars(
                $"round {round.Round}",
                result.Participants.Select(one => one.Name),
                result.Participants.Select(one =>
                    double.Parse(
                        DemoConsole.Ether(one.Rounds[round.Round - 1].RewardWei), CultureInfo.InvariantCulture)));
        }

        return figure;
    }

    private static Figure TrainingLoss(DemoResult result)
    {
        Figure figure = Figure.Titled("Training loss of each owner")
            .WithSubtitle("of public data, on its own Poisson batches; a real owner's would stay at home")
            .WithAxes("step, all rounds", "loss (nats)")
            .IncludingY(0);
        foreach (DemoParticipant one in result.Participants)
        {
            double?[] losses = [.. one.Rounds.SelectMany(round => round.Losses)];
            if (losses.Length > 0)
            {
                figure = figure.Line(
                    one.Role == "honest" ? one.Name : $"{one.Name} ({one.Role})",
                    Enumerable.Range(1, losses.Length),
                    losses.Select(loss => loss ?? double.NaN),
                    one.Role == "honest" ? Dash.Solid : Dash.Dashed);
            }
        }

        return figure;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
