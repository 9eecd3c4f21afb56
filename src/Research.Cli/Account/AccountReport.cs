using System.Globalization;
using System.Text.Json;
using Research.Privacy;
using Research.Privacy.Accounting;

namespace Research.Cli.Account;

/// <summary>The ε of one plan, as a line and as JSON; never without δ and the neighbouring relation.</summary>
internal static class AccountReport
{
    private const string Replacement = "replace one record";

    /// <summary>Writes ε, and the target that it keeps to if there is one.</summary>
    public static string Text(double delta, double epsilon, double? target = null)
    {
        string of = target is double wanted ? $" of {EpsilonText.Exact(wanted)}" : "";
        return $"epsilon {EpsilonText.Spent(epsilon)}{of} at delta {EpsilonText.Exact(delta)} "
            + $"({EpsilonText.Neighbours}; exact accountant, an upper bound)";
    }

    /// <summary>Writes ε of batches of a fixed size.</summary>
    public static string Text(WithoutReplacementGaussian plan, double delta, double epsilon) => string.Create(
        CultureInfo.InvariantCulture,
        $"epsilon {EpsilonText.Spent(epsilon)} at delta {EpsilonText.Exact(delta)} ({Replacement}; {plan.BatchSize} of "
            + $"{plan.Records} records without replacement, their number public; RDP accountant, an upper bound)");

    /// <summary>Writes the plan and its ε.</summary>
    public static string Json(GaussianEvent plan, double delta, double epsilon, double? target = null) =>
        JsonReport.Write(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("epsilon", epsilon);
            json.WriteNumber("delta", delta);
            json.WriteNumber("sampleRate", plan.SampleRate);
            json.WriteNumber("noiseMultiplier", plan.NoiseMultiplier);
            json.WriteNumber("steps", plan.Steps);
            if (target is double wanted)
            {
                json.WriteNumber("targetEpsilon", wanted);
            }

            Close(json, EpsilonText.Neighbours, "exact");
        });

    /// <summary>Writes the plan and its ε.</summary>
    public static string Json(WithoutReplacementGaussian plan, double noise, double delta, double epsilon) =>
        JsonReport.Write(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("epsilon", epsilon);
            json.WriteNumber("delta", delta);
            json.WriteString("sampling", "without-replacement");
            json.WriteNumber("records", plan.Records);
            json.WriteNumber("batch", plan.BatchSize);
            json.WriteNumber("noiseMultiplier", noise);
            json.WriteNumber("steps", plan.Steps);
            Close(json, Replacement, "rdp");
        });

    private static void Close(Utf8JsonWriter json, string neighbours, string accountant)
    {
        json.WriteString("neighbours", neighbours);
        json.WriteString("accountant", accountant);
        json.WriteEndObject();
    }
}
