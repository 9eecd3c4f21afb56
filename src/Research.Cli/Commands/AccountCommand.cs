using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Research.Cli.Account;
using Research.Privacy.Accounting;

namespace Research.Cli.Commands;

/// <summary>
/// <c>research account</c>: the ε of a planned training, or the noise that an ε asks for, before any data is touched.
/// </summary>
internal static class AccountCommand
{
    private const double DefaultDelta = 1e-5;

    public static Command Create()
    {
        Option<double?> sampleRate = BoundedOption.Optional<double>(
            "--sample-rate", "Poisson rate q of a step", "a number above 0 and at most 1", q => q is > 0 and <= 1);
        Option<double?> noise = BoundedOption.Optional<double>(
            "--noise-multiplier", "Standard deviation of the noise over the clip norm", "a number above 0", IsPositive);
        Option<int?> steps = BoundedOption.Optional("--steps", "Steps, each a release", 1, int.MaxValue);
        Option<double?> delta = BoundedOption.Optional<double>(
            "--delta",
            "δ, 1e-5 if left out",
            "a number above 0 and below 1",
            d => d is > 0 and < 1 && double.IsNormal(d));
        Option<double?> target = BoundedOption.Optional<double>(
            "--target-epsilon",
            "Print the noise multiplier that keeps to this ε instead",
            "a number above 0",
            IsPositive);
        Option<string?> plans = PathOption.Optional(
            "--plans",
            "Print the ε of many plans: an array of {q, sigma, steps, delta}, answered by {epsilon, milliseconds}.");
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };

        Command command = new("account", $"Print the privacy cost of a plan; neighbours: {EpsilonText.Neighbours}.")
        {
            sampleRate, noise, steps, delta, target, plans, json,
        };
        Option[] others = [sampleRate, noise, steps, delta, target];
        command.Validators.Add(result => Combine(result, plans, others, [sampleRate, steps], noise, target));
        command.SetAction(async (parse, cancellationToken) =>
        {
            TextWriter output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(plans) is string path)
            {
                await RunPlansAsync(path, output, cancellationToken).ConfigureAwait(false);
                return CommandRunner.Success;
            }

            double q = parse.GetValue(sampleRate)!.Value;
            int count = parse.GetValue(steps)!.Value;
            double d = parse.GetValue(delta) ?? DefaultDelta;
            return parse.GetValue(target) is double epsilon
                ? RunTarget(epsilon, q, count, d, parse.GetValue(json), output)
                : Run(new GaussianEvent(q, parse.GetValue(noise)!.Value, count), d, parse.GetValue(json), output);
        });
        return command;
    }

    /// <summary>Prints the ε of one plan.</summary>
    /// <exception cref="CommandException">No finite ε bounds it.</exception>
    internal static int Run(GaussianEvent plan, double delta, bool json, TextWriter output)
    {
        double epsilon = EpsilonText.Of([plan], delta) ?? throw new CommandException(
            $"No finite epsilon bounds this plan: noise multiplier {EpsilonText.Exact(plan.NoiseMultiplier)} is too "
                + $"little noise.");
        output.WriteLine(json
            ? Json(plan, delta, epsilon, target: null)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"epsilon {EpsilonText.Spent(epsilon)} at delta {EpsilonText.Exact(delta)} ({EpsilonText.Neighbours}; "
                    + $"RDP accountant, an upper bound)"));
        return CommandRunner.Success;
    }

    /// <summary>Prints the noise multiplier that keeps a plan within an ε, rounded up to four decimals.</summary>
    /// <exception cref="CommandException">No noise is enough.</exception>
    internal static int RunTarget(
        double target, double sampleRate, int steps, double delta, bool json, TextWriter output)
    {
        double noise = EpsilonText.RoundUp(Calibrate(target, sampleRate, steps, delta));
        GaussianEvent plan = new(sampleRate, noise, steps);
        double epsilon = EpsilonText.Of([plan], delta)!.Value; // Finite: calibration found less noise to be enough.
        output.WriteLine(json
            ? Json(plan, delta, epsilon, target)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"noise multiplier {noise:0.0000}: epsilon {EpsilonText.Spent(epsilon)} of "
                    + $"{EpsilonText.Exact(target)} at delta {EpsilonText.Exact(delta)} ({EpsilonText.Neighbours}; "
                    + $"RDP accountant, an upper bound)"));
        return CommandRunner.Success;
    }

    /// <summary>Prints the ε of each plan of a file, as a JSON array in the file's order.</summary>
    /// <exception cref="CommandException">The file is not such an array; the message names the path.</exception>
    internal static async Task RunPlansAsync(string path, TextWriter output, CancellationToken cancellationToken)
    {
        IReadOnlyList<Plan> plans = await PlanFile.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        await output.WriteLineAsync(PlanFile.Answer(plans, cancellationToken)).ConfigureAwait(false);
    }

    private static double Calibrate(double target, double sampleRate, int steps, double delta)
    {
        try
        {
            return Calibration.NoiseMultiplier(target, delta, sampleRate, steps);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or InvalidOperationException)
        {
            throw new CommandException(
                $"No noise multiplier up to 1000000 keeps this plan within epsilon {EpsilonText.Exact(target)} at "
                    + $"delta {EpsilonText.Exact(delta)}: allow a larger epsilon, or fewer steps.",
                innerException: e);
        }
    }

    private static string Json(GaussianEvent plan, double delta, double epsilon, double? target) =>
        JsonReport.Write(json => Write(json, plan, delta, epsilon, target));

    private static void Write(Utf8JsonWriter json, GaussianEvent plan, double delta, double epsilon, double? target)
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

        json.WriteString("neighbours", EpsilonText.Neighbours);
        json.WriteString("accountant", "rdp");
        json.WriteEndObject();
    }

    private static void Combine(
        CommandResult result, Option plans, Option[] others, Option[] always, Option noise, Option target)
    {
        bool Given(Option option) => result.GetResult(option) is { Implicit: false };

        if (Given(plans))
        {
            foreach (Option other in others.Where(Given))
            {
                result.AddError($"{other.Name}: leave it out with --plans, whose file says it for each plan.");
            }

            return;
        }

        foreach (Option missing in always.Where(option => !Given(option)))
        {
            result.AddError($"{missing.Name}: expected it beside --noise-multiplier or --target-epsilon, got nothing.");
        }

        if (Given(noise) == Given(target))
        {
            result.AddError(Given(noise)
                ? "--target-epsilon: leave it out with --noise-multiplier, or the other way round."
                : "--noise-multiplier: expected it, or --target-epsilon to find it, got neither.");
        }
    }

    private static bool IsPositive(double value) => value > 0 && double.IsFinite(value);
}
