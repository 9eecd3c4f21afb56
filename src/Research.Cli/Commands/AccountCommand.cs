using System.CommandLine;
using System.Globalization;
using Research.Cli.Account;
using Research.Interactive.Owner;
using Research.Privacy;
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
        AccountOptions options = new();
        Command command = new("account", $"Print the privacy cost of a plan; neighbours: {EpsilonText.Neighbours}.");
        options.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            TextWriter output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(options.Plans) is string path)
            {
                await RunPlansAsync(path, output, cancellationToken).ConfigureAwait(false);
                return CommandRunner.Success;
            }

            string answer = Answer(parse, options, cancellationToken);
            await output.WriteLineAsync(answer).ConfigureAwait(false);
            return CommandRunner.Success;
        });
        return command;
    }

    /// <summary>Gets the ε of one plan.</summary>
    /// <exception cref="CommandException">No finite ε bounds it.</exception>
    internal static string Epsilon(
        GaussianEvent plan, double delta, bool json, CancellationToken cancellationToken = default)
    {
        double epsilon = EpsilonText.Of([plan], delta, cancellationToken) ?? throw TooLittle(plan.NoiseMultiplier);
        return json ? AccountReport.Json(plan, delta, epsilon) : AccountReport.Text(delta, epsilon);
    }

    /// <summary>Gets the ε of one plan with batches of a fixed size.</summary>
    /// <exception cref="CommandException">No finite ε bounds it.</exception>
    internal static string WithoutReplacement(
        int records, int batch, double noise, int steps, double delta, bool json)
    {
        // A replaced record takes one clipped gradient out of the sum and puts another in: two clip norms.
        WithoutReplacementGaussian plan = new(records, batch, noise / 2, steps);
        try
        {
            double epsilon = plan.Epsilon(delta);
            return json
                ? AccountReport.Json(plan, noise, delta, epsilon)
                : AccountReport.Text(plan, delta, epsilon);
        }
        catch (InvalidOperationException)
        {
            throw TooLittle(noise);
        }
    }

    /// <summary>Gets the noise multiplier that keeps a plan within an ε, rounded up to four decimals.</summary>
    /// <exception cref="CommandException">No noise is enough.</exception>
    internal static string Noise(
        double target,
        double sampleRate,
        int steps,
        double delta,
        bool json,
        CancellationToken cancellationToken = default)
    {
        (GaussianEvent plan, double epsilon) = Refusal.AsCommand(
            () => PlanCost.Calibrate(target, sampleRate, steps, delta, cancellationToken));
        return json
            ? AccountReport.Json(plan, delta, epsilon, target)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"noise multiplier {plan.NoiseMultiplier:0.0000}: {AccountReport.Text(delta, epsilon, target)}");
    }

    /// <summary>Prints the ε of each plan of a file, as a JSON array in the file's order.</summary>
    /// <exception cref="CommandException">The file is not such an array; the message names the path.</exception>
    internal static async Task RunPlansAsync(string path, TextWriter output, CancellationToken cancellationToken)
    {
        IReadOnlyList<Plan> plans = await PlanFile.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        await output.WriteLineAsync(PlanFile.Answer(plans, cancellationToken)).ConfigureAwait(false);
    }

    private static string Answer(ParseResult parse, AccountOptions options, CancellationToken cancellationToken)
    {
        int steps = parse.GetValue(options.Steps)!.Value;
        double delta = parse.GetValue(options.Delta) ?? DefaultDelta;
        bool json = parse.GetValue(options.Json);
        if (parse.GetValue(options.Sampling) == AccountOptions.WithoutReplacement)
        {
            return WithoutReplacement(
                parse.GetValue(options.Records)!.Value,
                parse.GetValue(options.Batch)!.Value,
                parse.GetValue(options.Noise)!.Value,
                steps,
                delta,
                json);
        }

        double rate = parse.GetValue(options.SampleRate)!.Value;
        if (parse.GetValue(options.Target) is double target)
        {
            return Noise(target, rate, steps, delta, json, cancellationToken);
        }

        GaussianEvent plan = new(rate, parse.GetValue(options.Noise)!.Value, steps);
        return parse.GetValue(options.Compare)
            ? Compare(plan, delta, json, cancellationToken)
            : Epsilon(plan, delta, json, cancellationToken);
    }

    private static string Compare(GaussianEvent plan, double delta, bool json, CancellationToken cancellationToken)
    {
        IReadOnlyList<AccountantAnswer> answers = Comparison.Of(plan, delta, cancellationToken);
        return json ? ComparisonReport.Json(plan, delta, answers) : ComparisonReport.Text(plan, delta, answers);
    }

    private static CommandException TooLittle(double noise) => new(PlanCost.TooLittle(noise).Message);
}
