using System.Globalization;
using System.Text.Json;
using Research.Privacy.Accounting;
using Spectre.Console;

namespace Research.Cli.Account;

/// <summary>A comparison of accountants, as a table and as JSON.</summary>
internal static class ComparisonReport
{
    private const int Columns = 120;
    private const double PerNat = 1e9; // Digits enough to see accountants differ.

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
            table.AddColumn(new TableColumn(header) { Alignment = isText ? Justify.Left : Justify.Right, NoWrap = true });
        }

        foreach (AccountantAnswer answer in answers)
        {
            table.AddRow(
                Cell(answer.Name),
                Cell(answer.Range?.Lower is double lower ? Digits(Math.Floor(lower * PerNat) / PerNat) : ""),
                Cell(answer.Range is EpsilonRange range ? Digits(Math.Ceiling(range.Upper * PerNat) / PerNat) : ""),
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

    private static string Digits(double epsilon) => epsilon.ToString("0.000000000", CultureInfo.InvariantCulture);

    private static Markup Cell(string text) => new(Markup.Escape(text));
}
