using System.Globalization;
using System.Text.Json;
using Research.Privacy;
using Research.Privacy.Accounting;
using Spectre.Console;

namespace Research.Cli.Account;

/// <summary>A comparison of accountants, as a table and as JSON.</summary>
internal static class ComparisonReport
{
    private const int Columns = 120;
    private const int MostDecimals = 8; // Enough to see that the exact accountant's bounds differ.

    /// <summary>Writes the plan, then a row for each accountant.</summary>
    public static string Text(GaussianEvent plan, double delta, IReadOnlyList<AccountantAnswer> answers)
    {
        string heading = string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Steps} {(plan.Steps == 1 ? "step" : "steps")} at sample rate {EpsilonText.Exact(plan.SampleRate)}, "
                + $"noise multiplier {EpsilonText.Exact(plan.NoiseMultiplier)}, delta {EpsilonText.Exact(delta)} "
                + $"({EpsilonText.Neighbours})");
        Table table = new() { Border = TableBorder.Minimal };
        foreach (string header in (string[])["accountant", "ε at least", "ε at most", "ms", "what it is"])
        {
            bool isText = header is "accountant" or "what it is";
            Justify alignment = isText ? Justify.Left : Justify.Right;
            table.AddColumn(new TableColumn(header) { Alignment = alignment, NoWrap = true });
        }

        foreach (AccountantAnswer answer in answers)
        {
            table.AddRow(
                Cell(answer.Name),
                Cell(answer.Range?.Lower is double lower ? Digits(lower, Math.Floor) : ""),
                Cell(answer.Range is EpsilonRange range ? Digits(range.Upper, Math.Ceiling) : ""),
                Cell(answer.Milliseconds?.ToString("0.000", CultureInfo.InvariantCulture) ?? ""),
                Cell(answer.Refusal ?? answer.What));
        }

        return heading + "\n\n" + TableText.Render(table, Columns);
    }

    /// <summary>Writes the same as one document.</summary>
    public static string Json(GaussianEvent plan, double delta, IReadOnlyList<AccountantAnswer> answers) =>
        JsonReport.Write(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("delta", delta);
            json.WriteNumber("sampleRate", plan.SampleRate);
            json.WriteNumber("noiseMultiplier", plan.NoiseMultiplier);
            json.WriteNumber("steps", plan.Steps);
            json.WriteString("neighbours", EpsilonText.Neighbours);
            json.WriteStartArray("accountants");
            foreach (AccountantAnswer answer in answers)
            {
                Write(json, answer);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });

    private static void Write(Utf8JsonWriter json, AccountantAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("accountant", answer.Name);
        json.WriteFinite("epsilon", answer.Range?.Upper);
        json.WriteFinite("epsilonAtLeast", answer.Range?.Lower);
        json.WriteFinite("milliseconds", answer.Milliseconds);
        json.WriteString("note", answer.Refusal ?? answer.What);
        json.WriteEndObject();
    }

    // Nine significant digits or so, so that columns keep their width.
    private static string Digits(double epsilon, Func<double, double> round)
    {
        int decimals = MostDecimals;
        for (double size = epsilon; size >= 10 && decimals > 0; size /= 10)
        {
            decimals--;
        }

        double scale = Math.Pow(10, decimals);
        return (round(epsilon * scale) / scale).ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }

    private static Markup Cell(string text) => new(Markup.Escape(text));
}
