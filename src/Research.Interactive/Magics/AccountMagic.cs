using Research.Interactive.Owner;
using Research.Plotting;
using Research.Privacy;
using Research.Privacy.Accounting;
using Research.Training;

namespace Research.Interactive.Magics;

/// <summary><c>#!account</c>: the ε of a planned training, or the noise that an ε asks for.</summary>
internal static class AccountMagic
{
    private const double DefaultDelta = 1e-5;

    public static Magic Create() => new(
        "#!account",
        $"Shows the privacy cost of a plan, before any data is touched; neighbours: {EpsilonText.Neighbours}.",
        [
            "#!account --sample-rate Q --noise-multiplier S --steps T [--delta D]",
            "#!account --sample-rate Q --target-epsilon E --steps T [--delta D]",
            "#!account spec SPEC",
        ],
        [
            new("spec", "Takes the plan from a specification.") { Complete = _ => ["spec"] },
            SpecArgument.Parameter,
            new("--sample-rate", $"Poisson rate q of a step: {NumberRange.SampleRate.Words}.") { Value = "Q" },
            new("--noise-multiplier", $"Standard deviation of the noise over the clip norm: {NumberRange.Positive.Words}.")
            {
                Value = "S",
            },
            new("--steps", "Steps, each a release.") { Value = "T" },
            new("--delta", $"δ, 1e-5 if left out: {NumberRange.Delta.Words}.") { Value = "D" },
            new("--target-epsilon", "Shows the noise multiplier that keeps to this ε instead.") { Value = "E" },
        ],
        RunAsync);

    private static async Task RunAsync(MagicCall call, CancellationToken cancellationToken)
    {
        MagicArguments arguments = call.Arguments;
        if (arguments.Words.Count > 0)
        {
            string word = arguments.Words is [_, string second] ? second : arguments.Words[0];
            if (arguments.Words is [not "spec", _])
            {
                throw MagicArguments.Unexpected("words", "spec SPEC", string.Join(' ', arguments.Words));
            }

            ModelSpec spec = await SpecArgument.ReadAsync(call, word, cancellationToken).ConfigureAwait(false);
            PrivacySection privacy = spec.Privacy ?? throw MagicArguments.Unexpected(
                "SPEC", "a specification with $.privacy", $"{spec.Name}, which has none");
            LiveOutput.Show(Table(spec.Name, spec.PrivacyEvents, privacy.Delta, cancellationToken));
            return;
        }

        double delta = arguments.Number("--delta", NumberRange.Delta) ?? DefaultDelta;
        double? noise = arguments.Number("--noise-multiplier", NumberRange.Positive);
        double? target = arguments.Number("--target-epsilon", NumberRange.Positive);
        double rate = arguments.RequiredNumber("--sample-rate", NumberRange.SampleRate);
        int steps = arguments.Whole("--steps", 1, int.MaxValue)
            ?? throw MagicArguments.Unexpected("--steps", "a whole number above 0", "");
        if (noise.HasValue == target.HasValue)
        {
            throw new RefusedException(noise.HasValue
                ? "--target-epsilon: leave it out with --noise-multiplier, or the other way round."
                : "--noise-multiplier: expected it, or --target-epsilon to find it, got neither.");
        }

        LiveOutput.Show(target is double wanted
            ? Table(PlanCost.Calibrate(wanted, rate, steps, delta, cancellationToken), delta)
            : Table("the plan", [new GaussianEvent(rate, noise!.Value, steps)], delta, cancellationToken));
    }

    private static ResultTable Table(PlanCost cost, double delta) =>
        ResultTable.Of([Row("the plan", cost.Plan, delta, cost.Epsilon)]);

    private static ResultTable Table(
        string name, IReadOnlyList<GaussianEvent> plan, double delta, CancellationToken cancellationToken)
    {
        double epsilon = EpsilonText.Of(plan, delta, cancellationToken)
            ?? throw PlanCost.TooLittle(plan[^1].NoiseMultiplier);
        return ResultTable.Of([Row(name, plan[^1], delta, epsilon)]);
    }

    // Texts, for numbers of a table are rounded: an ε must not be rounded down.
    private static CostRow Row(string name, GaussianEvent plan, double delta, double epsilon) => new(
        name,
        EpsilonText.Exact(plan.SampleRate),
        EpsilonText.Exact(plan.NoiseMultiplier),
        plan.Steps,
        EpsilonText.Exact(delta),
        EpsilonText.Spent(epsilon),
        EpsilonText.Neighbours);

    private sealed record CostRow(
        string Plan,
        string SampleRate,
        string NoiseMultiplier,
        int Steps,
        string Delta,
        string EpsilonAtMost,
        string Neighbours);
}
