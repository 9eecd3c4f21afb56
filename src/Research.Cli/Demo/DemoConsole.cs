using System.Globalization;
using Research.Privacy;
using Spectre.Console;

namespace Research.Cli.Demo;

/// <summary>Shows a demo on a terminal: progress while it runs, tables when it is done.</summary>
internal static class DemoConsole
{
    private const string NotPrivate =
        "The privacy noise of this run is seeded: it is reproducible to the bit and protects nobody.";

    /// <summary>
    /// Runs the demo with progress on <paramref name="error"/>: a live bar a part on a terminal, lines elsewhere.
    /// </summary>
    public static Task<DemoResult> RunAsync(DemoOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        IAnsiConsole console = Open(error);
        if (options.InsecureNoiseSeed is not null)
        {
            console.MarkupLineInterpolated($"[bold red]NOT PRIVATE.[/] {NotPrivate}");
        }

        HashSet<string> done = [];
        return IsTerminal(error)
            ? RunLiveAsync(options, console, cancellationToken)
            : DemoRun.RunAsync(
                options,
                new SynchronousProgress<DemoProgress>(step =>
                {
                    if (step.Fraction >= 1 && done.Add(step.Part))
                    {
                        error.WriteLine($"done: {step.Part}");
                    }
                }),
                new SynchronousProgress<string>(error.WriteLine),
                cancellationToken);
    }

    /// <summary>Prints the result's tables.</summary>
    public static void Print(DemoResult result, TextWriter output)
    {
        IAnsiConsole console = Open(output);
        console.WriteLine();
        console.Write(Participants(result));
        console.Write(Rounds(result));
        console.WriteLine();
        string accuracy = Percent(result.Central.Accuracy);
        string loss = Number(result.Central.Loss);
        console.MarkupLineInterpolated(
            $"Central, not private, same model: accuracy [bold]{accuracy}[/], loss {loss}.");
        console.MarkupLineInterpolated(
            $"{result.Dataset} is public data: for that reason alone record counts and a result without privacy are shown.");
        string delta = EpsilonText.Exact(result.Delta);
        string soundness = "all rounds together, one plan that the first round pays for";
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"ε is at δ = {delta}, to {result.Neighbours}; cap {result.EpsilonCap:R}, {soundness}.");
        if (!result.Private)
        {
            console.MarkupLineInterpolated($"[bold red]NOT PRIVATE.[/] {NotPrivate}");
        }

        DemoSettlement money = result.Settlement;
        string sum =
            $"rewards {Ether(money.RewardsWei)} + burned {Ether(money.BurnedWei)} = pool {Ether(money.PoolWei)} ETH";
        console.MarkupLineInterpolated(
            $"[green]✓[/] {sum}, the market's balance to the wei; every round claimed twice with the same roots.");
        string seconds = string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Seconds.Total:F1} s, {result.Seconds.Chain:F1} s of it waiting for the chain");
        console.MarkupLineInterpolated($"Report: [link]{result.Report}[/]  ({seconds})");
    }

    /// <summary>Writes wei as ETH with four decimals, for tables; the exact amounts are in the JSON.</summary>
    public static string Ether(string wei, bool signed = false)
    {
        decimal ether = (decimal)System.Numerics.BigInteger.Parse(wei, CultureInfo.InvariantCulture) / 1e18m;
        return ether.ToString(signed ? "+0.0000;-0.0000;0.0000" : "0.0000", CultureInfo.InvariantCulture);
    }

    private static Task<DemoResult> RunLiveAsync(
        DemoOptions options, IAnsiConsole console, CancellationToken cancellationToken) =>
        console.Progress()
            .AutoClear(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn())
            .StartAsync(context =>
            {
                Dictionary<string, ProgressTask> parts = [];
                SynchronousProgress<DemoProgress> progress = new(step =>
                {
                    if (!parts.TryGetValue(step.Part, out ProgressTask? part))
                    {
                        part = context.AddTask(Markup.Escape(step.Part), maxValue: 1);
                        parts.Add(step.Part, part);
                    }

                    part.Value = step.Fraction;
                });
                SynchronousProgress<string> messages = new(message => console.WriteLine(message));
                return Task.Run(
                    () => DemoRun.RunAsync(options, progress, messages, cancellationToken), cancellationToken);
            });

    private static Table Participants(DemoResult result)
    {
        Table table = new Table().Border(TableBorder.Rounded).Title("Participants");
        table.AddColumn("owner");
        table.AddColumn(new TableColumn("records").RightAligned());
        table.AddColumn(new TableColumn("ε spent").RightAligned());
        table.AddColumn(new TableColumn("share").RightAligned());
        table.AddColumn(new TableColumn("reward\n(ETH)").RightAligned());
        table.AddColumn(new TableColumn("balance\n(ETH)").RightAligned());
        table.AddColumn("why");
        foreach (DemoParticipant one in result.Participants)
        {
            bool earned = one.RewardWei != "0";
            table.AddRow(
                new Text($"{one.Name}\n{one.Role}"),
                new Text(one.Records.ToString(CultureInfo.InvariantCulture)),
                new Text(EpsilonText.Spent(one.Epsilon)),
                new Text(one.Share.ToString("0.00", CultureInfo.InvariantCulture)),
                new Text(Ether(one.RewardWei), new Style(earned ? Color.Green : Color.Red)),
                new Text(Ether(one.BalanceChangeWei, signed: true)),
                new Text(one.Why));
        }

        return table.Caption(
            "share: signal over that of an honest owner with the quota of records, mean of the rounds; balance: reward and audit fees, less gas");
    }

    private static Table Rounds(DemoResult result)
    {
        Table table = new Table().Border(TableBorder.Rounded).Title("Rounds");
        table.AddColumn("round");
        table.AddColumn(new TableColumn("global loss").RightAligned());
        table.AddColumn(new TableColumn("accuracy").RightAligned());
        table.AddColumn(new TableColumn("paid (ETH)").RightAligned());
        table.AddColumn("model");
        table.AddRow("start", Number(result.Untrained.Loss), Percent(result.Untrained.Accuracy), "", "");
        foreach (DemoRound round in result.Rounds)
        {
            table.AddRow(
                round.Round.ToString(CultureInfo.InvariantCulture),
                Number(round.Loss),
                Percent(round.Accuracy),
                Ether(round.PaidWei),
                round.ModelHash[..12]);
        }

        return table;
    }

    private static IAnsiConsole Open(TextWriter writer)
    {
        bool isTerminal = IsTerminal(writer);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        console.Profile.Width = isTerminal ? console.Profile.Width : 110;
        return console;
    }

    private static bool IsTerminal(TextWriter writer) =>
        (ReferenceEquals(writer, Console.Out) && !Console.IsOutputRedirected)
        || (ReferenceEquals(writer, Console.Error) && !Console.IsErrorRedirected);

    private static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>Writes a share as a percentage.</summary>
    public static string Percent(double value) => (100 * value).ToString("F1", CultureInfo.InvariantCulture) + "%";
}
