using System.Globalization;
using System.Text.Json.Nodes;
using Research.Federation.Evaluation;
using Research.Market;

namespace Research.Cli.Tasks;

/// <summary>What a round's opened records show, said to an owner before it commits.</summary>
internal static class SampleReport
{
    /// <summary>Adds a line on the sample, and warns on standard error where something is odd, or nothing was
    /// opened.</summary>
    public static async Task AddAsync(
        VerbReport report, OpenTask task, int round, TextWriter error, CancellationToken cancellationToken)
    {
        EvaluationSample sample;
        try
        {
            sample = await task.SampleAsync(round, cancellationToken).ConfigureAwait(false);
        }
        catch (MarketException e)
        {
            await error.WriteLineAsync(
                $"WARNING: nobody can look at the records that will score this round. {TerminalText.Clean(e.Message)} "
                + "An honest "
                + "sponsor opens half of them before anybody commits: with others, what you do may be worth nothing "
                + "here.")
                .ConfigureAwait(false);
            report.Line("sample", "NOT OPEN: see the warning").Field("sample", null);
            return;
        }

        SampleFindings findings = sample.Check();
        string[] odd = [.. Words(findings)];
        if (findings.IsSuspicious)
        {
            await error.WriteLineAsync(
                $"WARNING: the records opened for this round look odd: {string.Join("; ", odd)}. The other half, "
                + "which scores, is like them.").ConfigureAwait(false);
        }

        report
            .Line("sample", string.Create(
                CultureInfo.InvariantCulture,
                $"{sample.Records.Count} of the round's records are open: {findings.ClassCounts.Count} classes, "
                + $"{findings.ClassCounts.Min()} to {findings.ClassCounts.Max()} of each; "
                + $"{(odd.Length == 0 ? "nothing odd" : "ODD: " + string.Join("; ", odd))}"))
            .Field("sample", new JsonObject
            {
                ["records"] = sample.Records.Count,
                ["classes"] = new JsonArray([.. findings.ClassCounts.Select(count => JsonValue.Create(count))]),
                ["findings"] = new JsonArray([.. odd.Select(one => JsonValue.Create(one))]),
            });
    }

    /// <summary>Says what is odd.</summary>
    public static IEnumerable<string> Words(SampleFindings findings)
    {
        (int Count, string Words)[] counted =
        [
            (findings.LabelsOutOfRange, "with a label of no class"),
            (findings.Duplicates, "with the input of an earlier one"),
            (findings.ConstantInputs, "with one number throughout"),
        ];
        foreach ((int count, string words) in counted.Where(one => one.Count > 0))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "record" : "records")} "
                + $"{words}");
        }

        if (findings.NumbersAtLimits > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{findings.NumbersAtLimits} numbers at the limits of 16 bits");
        }

        if (findings.MissingClasses.Count > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"no record of {findings.MissingClasses.Count} of {findings.ClassCounts.Count} classes "
                + $"({string.Join(", ", findings.MissingClasses.Take(10))}{(findings.MissingClasses.Count > 10 ? ", …" : "")})");
        }
    }
}
