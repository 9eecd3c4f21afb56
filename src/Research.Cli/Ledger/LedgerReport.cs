using System.Globalization;
using System.Text;
using System.Text.Json;
using Research.Interactive.Formatters;
using Research.Privacy;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Spectre.Console;

namespace Research.Cli.Ledger;

/// <summary>A ledger as its owner sees it, and what checking it found, as text and as JSON.</summary>
internal static class LedgerReport
{
    private const string Neighbours = EpsilonText.Neighbours + ", or one unit";
    private const int MostRows = 40;
    private const int MostStandings = 5;
    private const int Columns = 100;

    /// <summary>Writes totals, a table of charges and a plot of ε.</summary>
    public static string Text(PrivacyLedger ledger)
    {
        StringBuilder text = new();
        foreach ((string name, string value) in Lines(ledger))
        {
            text.Append($"{name,-10}").Append(value).Append('\n');
        }

        text.Append('\n');
        text.Append(ledger.Entries.Count == 0
            ? "No charge yet."
            : Table(ledger.Entries) + '\n' + LedgerFigure.Of(ledger).ToText(Columns));
        return TerminalText.Clean(text.ToString());
    }

    /// <summary>Gets what stands above the table, by name.</summary>
    public static IEnumerable<(string Name, string Value)> Lines(PrivacyLedger ledger)
    {
        yield return ("ledger", ledger.Home);
        yield return ("cap", $"epsilon {EpsilonText.Exact(ledger.EpsilonCap)} at delta {EpsilonText.Exact(ledger.Delta)} "
            + $"for every record ({Neighbours})");
        yield return ("filter", LedgerText.Filter(ledger));
        IReadOnlyList<LedgerStanding> standings = ledger.Standings;
        for (int i = 0; i < Math.Min(standings.Count, MostStandings); i++)
        {
            yield return (i == 0 ? "records" : "", Standing(standings[i], ledger));
        }

        if (standings.Count > MostStandings)
        {
            yield return ("", string.Create(
                CultureInfo.InvariantCulture, $"and {standings.Count - MostStandings} more groups, below that"));
        }

        yield return ("head", ledger.Head);
    }

    /// <summary>Writes a plan, an event a line.</summary>
    public static string Plan(LedgerEntry entry) => string.Join('\n', entry.Plan.Select(EventText.Of));

    /// <summary>Writes the steps of a plan, an event a line.</summary>
    public static string Steps(LedgerEntry entry) =>
        string.Join('\n', entry.Plan.Select(e => e.Steps.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Writes the whole ledger.</summary>
    public static string Json(PrivacyLedger ledger) => JsonReport.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("home", ledger.Home);
        json.WriteString("neighbours", Neighbours);
        json.WriteNumber("delta", ledger.Delta);
        json.WriteNumber("epsilonCap", ledger.EpsilonCap);
        json.WriteNumber("epsilon", ledger.Epsilon);
        json.WriteNumber("epsilonRemaining", Math.Max(0, ledger.EpsilonCap - ledger.Epsilon));
        json.WriteString("filter", ledger.Filter == LedgerFilter.Gaussian ? "gaussian" : "renyi");
        json.WriteFinite("order", ledger.Order);
        json.WriteString("head", ledger.Head);
        json.WriteStartArray("standings");
        foreach (LedgerStanding standing in ledger.Standings)
        {
            json.WriteStartObject();
            json.WriteNumber("records", standing.Records);
            json.WriteNumber("plans", standing.Plans);
            json.WriteNumber("epsilon", standing.Epsilon);
            json.WriteFinite("filterEpsilon", standing.FilterEpsilon);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("entries");
        foreach (LedgerEntry entry in ledger.Entries)
        {
            Entry(json, entry);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Writes the line that says all is well.</summary>
    public static string Intact(LedgerVerification verification, string home) => TerminalText.Clean(string.Create(
        CultureInfo.InvariantCulture,
        $"{home}: intact, {verification.Entries.Count} {(verification.Entries.Count == 1 ? "charge" : "charges")}, "
            + $"head {verification.Head}; {Seen(verification)}"));

    /// <summary>Writes what checking found.</summary>
    public static string Json(LedgerVerification verification, string home) => JsonReport.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("home", home);
        json.WriteBoolean("intact", verification.IsIntact);
        json.WriteNumber("entries", verification.Entries.Count);
        json.WriteString("head", verification.Head);
        if (verification.LastSeen is int seen)
        {
            json.WriteNumber("lastSeen", seen);
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

    private static void Entry(Utf8JsonWriter json, LedgerEntry entry)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", entry.Sequence);
        json.WriteString("time", entry.Time);
        json.WriteString("purpose", entry.Purpose.Text);
        if (entry.Purpose.Specification is string spec)
        {
            json.WriteString("spec", spec);
            json.WriteNumber("round", entry.Purpose.Round + 1);
            json.WriteNumber("rounds", entry.Purpose.Rounds);
            json.WriteBoolean("reserved", entry.IsReserved);
        }

        json.WriteStartArray("plan");
        foreach (PrivacyEvent e in entry.Plan)
        {
            json.WriteStartObject();
            EventText.Write(json, e);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("receipt", entry.Receipt);
        json.WriteBoolean("secretNoise", entry.IsNoiseSecret);
        json.WriteNumber("epsilon", entry.Epsilon);
        json.WriteString("hash", entry.Hash);
        json.WriteEndObject();
    }

    private static string Standing(LedgerStanding standing, PrivacyLedger ledger)
    {
        string left = EpsilonText.Left(ledger.EpsilonCap - standing.Epsilon);
        string start = string.Create(
            CultureInfo.InvariantCulture,
            $"{standing.Records} at epsilon {EpsilonText.Spent(standing.Epsilon)} ({standing.Plans} "
                + $"{(standing.Plans == 1 ? "plan" : "plans")})");
        return standing.Plans > 1 ? $"{start}, {left} left"
            : standing.FilterEpsilon < ledger.EpsilonCap
                ? $"{start}; a second plan goes on from {EpsilonText.Spent(standing.FilterEpsilon)}"
            : $"{start}; no second plan fits";
    }

    private static string Seen(LedgerVerification verification) => verification.LastSeen is int seen
        ? string.Create(CultureInfo.InvariantCulture, $"the last charge seen, {seen}, is in it")
        : "no charge was seen before";

    private static string Table(IReadOnlyList<LedgerEntry> entries)
    {
        Table table = new() { Border = TableBorder.Minimal };
        foreach (string header in (string[])["#", "time (UTC)", "purpose", "plan", "steps", "ε after"])
        {
            bool isText = header is "time (UTC)" or "purpose" or "plan";
            table.AddColumn(new TableColumn(header)
            {
                Alignment = isText ? Justify.Left : Justify.Right,
                NoWrap = header is not ("purpose" or "plan"),
            });
        }

        int hidden = Math.Max(0, entries.Count - MostRows);
        foreach (LedgerEntry entry in entries.Skip(hidden))
        {
            string warning = entry.IsNoiseSecret ? "" : "NOT PRIVATE (seeded noise): ";
            table.AddRow(
                Cell($"{entry.Sequence}"),
                Cell(LedgerText.Time(entry)),
                Cell(TerminalText.Clean(warning + LedgerText.Purpose(entry.Purpose))),
                Cell(Plan(entry)),
                Cell(Steps(entry)),
                Cell(EpsilonText.Spent(entry.Epsilon)));
        }

        string note = hidden == 0 ? "" : $"({hidden} earlier; --json prints all)\n";
        return note + TableText.Render(table, Columns) + "\n";
    }

    private static Markup Cell(string text) => new(Markup.Escape(text));
}
