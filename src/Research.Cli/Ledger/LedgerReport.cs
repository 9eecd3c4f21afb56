using System.Globalization;
using System.Text;
using System.Text.Json;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Spectre.Console;

namespace Research.Cli.Ledger;

/// <summary>A ledger, and what checking it found, as text and as JSON.</summary>
internal static class LedgerReport
{
    private const int MostRows = 40;
    private const int Columns = 100;

    /// <summary>Writes totals, a table of charges and a plot of ε.</summary>
    public static string Text(PrivacyLedger ledger, string path)
    {
        StringBuilder text = new();
        foreach ((string name, string value) in Lines(ledger, path))
        {
            text.Append($"{name,-10}").Append(value).Append('\n');
        }

        text.Append('\n');
        text.Append(ledger.Entries.Count == 0
            ? "No charge yet."
            : Table(ledger) + '\n' + LedgerPlot.Figure(ledger).ToText(Columns));
        return TerminalText.Clean(text.ToString());
    }

    /// <summary>Gets what stands above the table, by name.</summary>
    public static IEnumerable<(string Name, string Value)> Lines(PrivacyLedger ledger, string path)
    {
        yield return ("ledger", path);
        yield return ("data set", ledger.DataSet);
        yield return ("filter", Filter(ledger));
        yield return ("spent", $"epsilon {EpsilonText.Spent(ledger.Epsilon)} of "
            + $"{EpsilonText.Exact(ledger.EpsilonCap)} at delta {EpsilonText.Exact(ledger.Delta)} "
            + $"({EpsilonText.Neighbours})");
        if (ledger.Filter == LedgerFilter.Renyi)
        {
            yield return ("paid once", $"epsilon {EpsilonText.Spent(Entrance(ledger))} of it, with the first charge, "
                + "however small");
        }

        yield return ("left", $"epsilon {EpsilonText.Left(ledger.EpsilonCap - ledger.Epsilon)}");
        if (ledger.Entries.Count > 0)
        {
            yield return ("room", Room(ledger));
            yield return ("fixed", $"epsilon {EpsilonText.Spent(ledger.FixedPlanEpsilon)}, if all these plans had been "
                + "fixed in advance");
            yield return ("head", ledger.Head);
        }
    }

    /// <summary>Writes when an entry was charged, in UTC.</summary>
    public static string Time(LedgerEntry entry) =>
        entry.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Writes the whole ledger.</summary>
    public static string Json(PrivacyLedger ledger, string path) => JsonReport.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("file", path);
        json.WriteString("dataSet", ledger.DataSet);
        json.WriteString("neighbours", EpsilonText.Neighbours);
        json.WriteNumber("delta", ledger.Delta);
        json.WriteNumber("epsilonCap", ledger.EpsilonCap);
        json.WriteNumber("epsilon", ledger.Epsilon);
        json.WriteNumber("epsilonRemaining", Math.Max(0, ledger.EpsilonCap - ledger.Epsilon));
        json.WriteNumber("fixedPlanEpsilon", ledger.FixedPlanEpsilon);
        json.WriteString("filter", ledger.Filter == LedgerFilter.Gaussian ? "gaussian" : "renyi");
        json.WriteFinite("order", ledger.Order);
        if (ledger.Entries.Count > 0)
        {
            json.WriteNumber("roomForLastPlan", ledger.RoomFor(ledger.Entries[^1].Event));
        }

        json.WriteString("head", ledger.Head);
        json.WriteStartArray("entries");
        double[] exact = [.. ledger.FixedPlanEpsilons(int.MaxValue)];
        foreach ((LedgerEntry entry, double epsilon) in ledger.Entries.Zip(exact))
        {
            Entry(json, entry, epsilon);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Writes the line that says all is well.</summary>
    public static string Intact(LedgerVerification verification, string path) => TerminalText.Clean(string.Create(
        CultureInfo.InvariantCulture,
        $"{path}: intact, {verification.Entries.Count} {(verification.Entries.Count == 1 ? "charge" : "charges")}, "
            + $"head {verification.Head}; {Seen(verification)}"));

    /// <summary>Writes what checking found.</summary>
    public static string Json(LedgerVerification verification, string path) => JsonReport.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("file", path);
        json.WriteBoolean("intact", verification.IsIntact);
        json.WriteNumber("entries", verification.Entries.Count);
        json.WriteString("head", verification.Head);
        if (verification.LastSeen is LedgerHead seen)
        {
            json.WriteStartObject("lastSeen");
            json.WriteNumber("sequence", seen.Sequence);
            json.WriteString("hash", seen.Hash);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("lastSeen");
        }

        if (!verification.IsIntact)
        {
            json.WriteNumber("line", verification.Line);
            json.WriteString("problem", verification.Problem);
        }

        json.WriteEndObject();
    });

    private static void Entry(Utf8JsonWriter json, LedgerEntry entry, double fixedPlanEpsilon)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", entry.Sequence);
        json.WriteString("time", entry.Time);
        json.WriteString("purpose", entry.Purpose);
        EventText.Write(json, entry.Event);
        json.WriteNumber("epsilonBefore", entry.EpsilonBefore);
        json.WriteNumber("epsilonAfter", entry.EpsilonAfter);
        json.WriteNumber("fixedPlanEpsilonAfter", fixedPlanEpsilon);
        json.WriteBoolean("sealsTornLine", entry.Torn is not null);
        json.WriteString("hash", entry.Hash);
        json.WriteEndObject();
    }

    private static string Filter(PrivacyLedger ledger) => ledger.Filter == LedgerFilter.Gaussian
        ? "Gaussian differential privacy: holds even if results chose the plans"
        : $"Rényi, order {EpsilonText.Exact(ledger.Order!.Value)}: holds even if results chose the plans";

    // What the filter's one order costs, however little is charged.
    private static double Entrance(PrivacyLedger ledger) =>
        PrivacyLedger.PreviewFirst(ledger.EpsilonCap, ledger.Delta, ledger.Filter, new GaussianEvent(1, 1e6, 1));

    private static string Room(PrivacyLedger ledger)
    {
        PrivacyEvent last = ledger.Entries[^1].Event;
        int plans = ledger.RoomFor(last);
        if (plans == int.MaxValue)
        {
            return "the last plan cost nothing, and any number of it still fits";
        }

        string text = string.Create(
            CultureInfo.InvariantCulture, $"{plans} more of the last plan ({EventText.Of(last)}, {Steps(last.Steps)})");
        return last.Steps == 1
            ? text
            : $"{text}; or one more with at most {Steps(ledger.RoomFor(last with { Steps = 1 }))}";
    }

    private static string Steps(int steps) =>
        string.Create(CultureInfo.InvariantCulture, $"{steps} {(steps == 1 ? "step" : "steps")}");

    private static string Seen(LedgerVerification verification) => verification.LastSeen is LedgerHead seen
        ? string.Create(CultureInfo.InvariantCulture, $"it continues the copy kept beside it (charge {seen.Sequence})")
        : "no copy as last seen is kept beside it";

    private static string Table(PrivacyLedger ledger)
    {
        Table table = new() { Border = TableBorder.Minimal };
        foreach (string header in
            (string[])["#", "time (UTC)", "purpose", "plan", "steps", "ε by the\nfilter", "ε if\nfixed"])
        {
            bool isText = header is "time (UTC)" or "purpose" or "plan";
            table.AddColumn(new TableColumn(header)
            {
                Alignment = isText ? Justify.Left : Justify.Right,
                NoWrap = header is not ("purpose" or "plan"),
            });
        }

        double[] exact = [.. ledger.FixedPlanEpsilons(MostRows)];
        int hidden = ledger.Entries.Count - exact.Length;
        foreach ((LedgerEntry entry, double epsilon) in ledger.Entries.Skip(hidden).Zip(exact))
        {
            table.AddRow(
                Cell($"{entry.Sequence}"),
                Cell(Time(entry)),
                Cell(TerminalText.Clean(entry.Purpose)),
                Cell(EventText.Of(entry.Event)),
                Cell($"{entry.Event.Steps}"),
                Cell(EpsilonText.Spent(entry.EpsilonAfter)),
                Cell(EpsilonText.Spent(epsilon)));
        }

        string note = hidden == 0 ? "" : $"({hidden} earlier; --json prints all)\n";
        return note + TableText.Render(table, Columns) + "\n";
    }

    private static Markup Cell(string text) => new(Markup.Escape(text));
}
