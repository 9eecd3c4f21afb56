using Research.Privacy.Accounting;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Research.Plotting;
using Research.Privacy.Ledger;
using Spectre.Console;

namespace Research.Cli.Ledger;

/// <summary>A ledger, and what checking it found, as text and as JSON.</summary>
internal static class LedgerReport
{
    private const int MostRows = 40;
    private const int MostBars = 20;
    private const int Columns = 100;

    /// <summary>Writes totals, a table of charges and a plot of ε.</summary>
    public static string Text(PrivacyLedger ledger, string path)
    {
        StringBuilder text = new();
        Line(text, "ledger", path);
        Line(text, "data set", ledger.DataSet);
        Line(text, "spent", $"epsilon {EpsilonText.Spent(ledger.Epsilon)} of {EpsilonText.Exact(ledger.EpsilonCap)} "
            + $"at delta {EpsilonText.Exact(ledger.Delta)} ({EpsilonText.Neighbours})");
        Line(text, "left", $"epsilon {EpsilonText.Left(ledger.EpsilonCap - ledger.Epsilon)}");
        if (ledger.Entries.Count == 0)
        {
            return text.Append('\n').Append("No charge yet.").ToString();
        }

        Line(text, "fixed", $"epsilon {EpsilonText.Spent(ledger.FixedPlanEpsilon)}, if all these plans were fixed in "
            + "advance");
        Line(text, "head", ledger.Head);
        text.Append('\n').Append(Table(ledger.Entries)).Append('\n').Append(Plot(ledger).ToText(Columns));
        return TerminalText.Clean(text.ToString());
    }

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
        json.WriteNumber("order", ledger.Order);
        json.WriteString("head", ledger.Head);
        json.WriteStartArray("entries");
        foreach (LedgerEntry entry in ledger.Entries)
        {
            Entry(json, entry);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Writes the line that says all is well.</summary>
    public static string Intact(LedgerVerification verification, string path) => TerminalText.Clean(string.Create(
        CultureInfo.InvariantCulture,
        $"{path}: intact, {verification.Entries.Count} {(verification.Entries.Count == 1 ? "charge" : "charges")}, "
            + $"head {verification.Head}"));

    /// <summary>Writes what checking found.</summary>
    public static string Json(LedgerVerification verification, string path) => JsonReport.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("file", path);
        json.WriteBoolean("intact", verification.IsIntact);
        json.WriteNumber("entries", verification.Entries.Count);
        json.WriteString("head", verification.Head);
        if (!verification.IsIntact)
        {
            json.WriteNumber("line", verification.Line);
            json.WriteString("problem", verification.Problem);
        }

        json.WriteEndObject();
    });

    private static void Entry(Utf8JsonWriter json, LedgerEntry entry)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", entry.Sequence);
        json.WriteString("time", entry.Time);
        json.WriteString("purpose", entry.Purpose);
        json.WriteNumber("sampleRate", ((GaussianEvent)entry.Event).SampleRate);
        json.WriteNumber("noiseMultiplier", ((GaussianEvent)entry.Event).NoiseMultiplier);
        json.WriteNumber("steps", entry.Event.Steps);
        json.WriteNumber("epsilonBefore", entry.EpsilonBefore);
        json.WriteNumber("epsilonAfter", entry.EpsilonAfter);
        json.WriteBoolean("sealsTornLine", entry.Torn is not null);
        json.WriteString("hash", entry.Hash);
        json.WriteEndObject();
    }

    private static string Table(IReadOnlyList<LedgerEntry> entries)
    {
        Table table = new() { Border = TableBorder.Minimal };
        foreach (string header in (string[])["#", "time (UTC)", "purpose", "q", "σ", "steps", "ε after"])
        {
            bool isText = header is "time (UTC)" or "purpose";
            table.AddColumn(new TableColumn(header)
            {
                Alignment = isText ? Justify.Left : Justify.Right,
                NoWrap = header != "purpose",
            });
        }

        foreach (LedgerEntry entry in entries.Skip(entries.Count - MostRows))
        {
            table.AddRow(
                Cell($"{entry.Sequence}"),
                Cell(entry.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                Cell(TerminalText.Clean(entry.Purpose)),
                Cell(EpsilonText.Exact(((GaussianEvent)entry.Event).SampleRate)),
                Cell(EpsilonText.Exact(((GaussianEvent)entry.Event).NoiseMultiplier)),
                Cell($"{entry.Event.Steps}"),
                Cell(EpsilonText.Spent(entry.EpsilonAfter)));
        }

        int hidden = Math.Max(0, entries.Count - MostRows);
        string note = hidden == 0 ? "" : $"({hidden} earlier; --json prints all)\n";
        return note + TableText.Render(table, Columns) + "\n";
    }

    private static Markup Cell(string text) => new(Markup.Escape(text));

    private static Figure Plot(PrivacyLedger ledger)
    {
        IReadOnlyList<LedgerEntry> entries = ledger.Entries;
        Figure figure = Figure.Titled("ε after each charge");
        double[] spent = [.. entries.Select(entry => entry.EpsilonAfter)];
        figure = entries.Count <= MostBars
            ? figure.Bars("ε", entries.Select(entry => $"#{entry.Sequence}"), spent)
            : figure.Line("ε", entries.Select(entry => entry.Sequence), spent);
        return figure.Reference(ledger.EpsilonCap, "cap");
    }

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append($"{name,-10}").Append(value).Append('\n');
}
