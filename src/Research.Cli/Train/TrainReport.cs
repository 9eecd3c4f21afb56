using System.Globalization;
using System.Text;
using System.Text.Json;
using Research.Interactive.Owner;
using Research.Privacy;
using Research.Privacy.Ledger;
using Research.Storage;
using Research.Training;

namespace Research.Cli.Train;

/// <summary>
/// What a training ends with, as text and as JSON. How many records were trained on is in neither: it may be secret.
/// </summary>
internal static class TrainReport
{
    /// <summary>Writes accuracy, ε and files, a line each.</summary>
    public static string Text(TrainOutcome outcome)
    {
        (TrainPlan plan, TrainingRun run, LedgerEntry? entry, _, _) = outcome;
        StringBuilder text = new();
        Line(text, "trained", string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Spec.Name} on {plan.Options.Data}, {run.LossCurve.Count} steps in {run.Elapsed.TotalSeconds:0.0} "
                + $"s"));
        string training = run.Privacy is null ? "" : " (local only: no noise covers it)";
        Line(text, "training", $"loss {TrainingLoss(run)}{training}");
        Line(text, "held out", string.Create(
            CultureInfo.InvariantCulture,
            $"loss {outcome.HeldOut.Loss:0.0000}, accuracy {outcome.HeldOut.Accuracy * 100:0.00} % of "
                + $"{outcome.HeldOut.Count}{(HasOwnHeldOut(outcome) ? " (your own records: local only)" : "")}"));
        if (plan.Budget is OwnerBudget budget)
        {
            Line(text, "privacy", Privacy(run, budget));
            Line(text, "ledger", Ledger(budget, entry));
        }

        if (outcome.Checkpoint is { } hash)
        {
            Line(text, "checkpoint", $"{plan.Options.Out} (sha256 {hash})");
        }

        if (outcome.Onnx is { } onnx)
        {
            Line(text, "onnx", $"{plan.Options.Onnx} (sha256 {onnx})");
        }

        if (plan.Options.Plot is string plot)
        {
            Line(text, "plot", $"{plot}{(run.Privacy is null ? "" : " (local only)")}");
        }

        return TerminalText.Clean(text.ToString().TrimEnd('\n'));
    }

    /// <summary>Writes the same as one document.</summary>
    public static string Json(TrainOutcome outcome) => JsonReport.Write(json =>
    {
        (TrainPlan plan, TrainingRun run, LedgerEntry? entry, _, _) = outcome;
        json.WriteStartObject();
        json.WriteStartObject("spec");
        json.WriteString("file", plan.Options.Spec);
        json.WriteString("name", run.Spec.Name);
        json.WriteString("hash", run.Spec.Hash.ToString());
        json.WriteEndObject();
        json.WriteString("data", plan.Options.Data);
        json.WriteNumber("steps", run.LossCurve.Count);
        json.WriteNumber("seconds", run.Elapsed.TotalSeconds);
        json.WriteStartObject("heldOut");
        json.WriteFinite("loss", outcome.HeldOut.Loss);
        json.WriteNumber("accuracy", outcome.HeldOut.Accuracy);
        json.WriteNumber("examples", outcome.HeldOut.Count);
        json.WriteBoolean("localOnly", HasOwnHeldOut(outcome));
        json.WriteEndObject();
        Privacy(json, run, plan.Budget);
        Ledger(json, plan.Budget, entry);
        Written(json, "checkpoint", outcome.Plan.Options.Out, outcome.Checkpoint);
        Written(json, "onnx", outcome.Plan.Options.Onnx, outcome.Onnx);
        json.WriteString("plot", plan.Options.Plot);
        json.WriteEndObject();
    });

    private static bool HasOwnHeldOut(TrainOutcome outcome) => outcome.Run.Privacy is not null && outcome.IsHeldOutOwn;

    private static string TrainingLoss(TrainingRun run)
    {
        double[] losses = [.. run.LossCurve.Where(point => point.Loss is not null).Select(point => point.Loss!.Value)];
        return losses.Length == 0
            ? "– (every batch was empty)"
            : string.Create(CultureInfo.InvariantCulture, $"{losses[0]:0.0000} at first, {losses[^1]:0.0000} at last");
    }

    private static string Privacy(TrainingRun run, OwnerBudget budget)
    {
        string epsilon = $"epsilon {EpsilonText.Spent(budget.Quote.Run)} at delta "
            + $"{EpsilonText.Exact(budget.Quote.Delta)} (the ledger's; {budget.Neighbours})";
        return run.IsNoiseCryptographic
            ? $"{epsilon}, with secret noise"
            : $"NONE: the noise is not secret, so whoever has the seed can remove it. With secret noise: {epsilon}";
    }

    private static string Ledger(OwnerBudget budget, LedgerEntry? entry)
    {
        string cap = EpsilonText.Exact(budget.Quote.Cap);
        return entry is null
            ? $"not charged, for nothing was written: with --out or --onnx the records given would stand at epsilon "
                + $"{EpsilonText.Spent(budget.Quote.After)} of {cap}"
            : $"charged: the records given stand at epsilon {EpsilonText.Spent(entry.Epsilon)} of {cap} (entry "
                + $"{entry.Sequence} in {budget.Ledger.Home})";
    }

    private static void Privacy(Utf8JsonWriter json, TrainingRun run, OwnerBudget? budget)
    {
        if (budget is null)
        {
            json.WriteNull("privacy");
            return;
        }

        json.WriteStartObject("privacy");
        json.WriteNumber("epsilon", budget.Quote.Run);
        json.WriteNumber("delta", budget.Quote.Delta);
        json.WriteString("neighbours", budget.Neighbours);
        json.WriteBoolean("secretNoise", run.IsNoiseCryptographic);
        json.WriteNumber("sampleRate", budget.Plan.SampleRate);
        json.WriteNumber("noiseMultiplier", budget.Plan.NoiseMultiplier);
        json.WriteNumber("clipNorm", run.Spec.Privacy!.ClipNorm);
        json.WriteNumber("steps", budget.Plan.Steps);
        json.WriteEndObject();
    }

    private static void Ledger(Utf8JsonWriter json, OwnerBudget? budget, LedgerEntry? entry)
    {
        if (budget is null)
        {
            json.WriteNull("ledger");
            return;
        }

        double after = entry?.Epsilon ?? budget.Quote.After;
        json.WriteStartObject("ledger");
        json.WriteString("home", budget.Ledger.Home);
        json.WriteBoolean("charged", entry is not null);
        json.WriteNumber("epsilonBefore", budget.Quote.Before);
        json.WriteNumber("epsilonAfter", after);
        json.WriteNumber("epsilonCap", budget.Quote.Cap);
        json.WriteNumber("epsilonRemaining", Math.Max(0, budget.Quote.Cap - after));
        json.WriteNumber("delta", budget.Quote.Delta);
        if (entry is not null)
        {
            json.WriteNumber("sequence", entry.Sequence);
            json.WriteString("head", entry.Hash);
        }

        json.WriteEndObject();
    }

    private static void Written(Utf8JsonWriter json, string name, string? file, ContentHash? hash)
    {
        if (hash is not { } known)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("file", file);
        json.WriteString("sha256", known.ToString());
        json.WriteEndObject();
    }

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append($"{name,-12}").Append(value).Append('\n');
}
