using Research.Privacy;
using Research.Privacy.Accounting;

namespace Research.Interactive.Owner;

/// <summary>A plan of training and the ε that it costs.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Epsilon">An upper bound.</param>
internal sealed record PlanCost(GaussianEvent Plan, double Epsilon)
{
    /// <summary>Finds the noise multiplier that keeps a plan within an ε, rounded up to four decimals.</summary>
    /// <exception cref="RefusedException">No noise is enough.</exception>
    public static PlanCost Calibrate(
        double target, double sampleRate, int steps, double delta, CancellationToken cancellationToken = default)
    {
        double noise = EpsilonText.RoundUp(Noise(target, sampleRate, steps, delta, cancellationToken));
        GaussianEvent plan = new(sampleRate, noise, steps);

        // Finite, and no more than the target, by whatever way it is found: calibration found less noise to be enough.
        return new PlanCost(plan, Math.Min(target, EpsilonText.Of([plan], delta, cancellationToken) ?? target));
    }

    /// <summary>Makes the refusal of a plan that no finite ε bounds.</summary>
    public static RefusedException TooLittle(double noise) => new(
        $"No finite epsilon bounds this plan: noise multiplier {EpsilonText.Exact(noise)} is too little noise.");

    private static double Noise(
        double target, double sampleRate, int steps, double delta, CancellationToken cancellationToken)
    {
        try
        {
            return Calibration.NoiseMultiplier(target, delta, sampleRate, steps, cancellationToken);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or InvalidOperationException)
        {
            throw new RefusedException(
                $"No noise multiplier up to 1000000 keeps this plan within epsilon {EpsilonText.Exact(target)} at "
                    + $"delta {EpsilonText.Exact(delta)}: allow a larger epsilon, or fewer steps.",
                e);
        }
    }
}
