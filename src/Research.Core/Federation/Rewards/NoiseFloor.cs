using System.Numerics;
using Research.Training;
using Research.Training.Optimizers;

namespace Research.Federation.Rewards;

/// <summary>The noise that an update carries at least, when its owner trained by the specification.</summary>
/// <remarks>
/// Each step adds Gaussian noise of deviation σC/B to every coordinate of the gradient, and plain gradient descent, with
/// momentum or without, is linear in what it is given: the noise of step τ reaches the update with the optimiser's
/// response to an impulse at τ, and the variances add. What the noise does to later gradients, through the loss's
/// curvature, is left out: measured, it changes the variance of a coordinate by −1% to +8% (see
/// <see cref="RewardSection.NoiseFloor"/>).
/// </remarks>
internal static class NoiseFloor
{
    /// <summary>The chance that an honest update is taken for one with too little noise.</summary>
    public const double FalseAlarm = 1e-6;

    private const double Quantile = 4.753424308822899; // Of the standard normal at 1 − FalseAlarm.

    /// <summary>Computes the variance of one coordinate of an update, in squared units of the fixed point.</summary>
    public static double VarianceOf(ModelSpec spec)
    {
        PrivacySection privacy = spec.Privacy
            ?? throw new ArgumentException("Expected a specification with privacy.", nameof(spec));
        double step = privacy.NoiseMultiplier * privacy.ClipNorm / spec.Training.BatchSize;
        double response = 0;
        foreach (float weight in Responses(spec))
        {
            response += (double)weight * weight;
        }

        double unit = Aggregation.FixedPoint.UnitsPerOne;
        return step * step * response * unit * unit;
    }

    /// <summary>Computes a bound that a χ² variable falls below with probability <see cref="FalseAlarm"/>.</summary>
    /// <remarks>
    /// Wilson and Hilferty 1931, PNAS 17(12), 684-688; its error in this tail is below 0.5% from 50 degrees of freedom
    /// on, which the factor covers. Square roots and products only, so that every machine gets the same bits.
    /// </remarks>
    /// <param name="degrees">Degrees of freedom, at least 1.</param>
    public static double LeastEnergy(int degrees)
    {
        double variance = 2.0 / (9.0 * degrees);
        double root = 1 - variance - (Quantile * Math.Sqrt(variance));
        return root <= 0 ? 0 : degrees * root * root * root * 0.995;
    }

    /// <summary>Computes a bound that noise exceeds with probability <see cref="FalseAlarm"/> in the span of any few of
    /// many directions, and beside them where a signal works against it.</summary>
    /// <remarks>
    /// χ² of k degrees is at most k + 2√(kt) + 2t but for e^−t (Laurent and Massart 2000, Annals of Statistics 28(5),
    /// Lemma 1), with the union bound over the choices, at most (en/k)^k. Logarithms by whole powers of two, and roots:
    /// the same bits everywhere.
    /// </remarks>
    /// <param name="degrees">k, 1 or more.</param>
    /// <param name="among">n, k or more.</param>
    public static double MostEnergy(int degrees, int among)
    {
        const double Ln2 = 0.6931471805599453;
        const double Alarm = 13.815510557964274; // −ln FalseAlarm.
        int choices = BitOperations.Log2((uint)Math.Max(1, among)) + 1 - BitOperations.Log2((uint)degrees);
        double t = (degrees * (1 + (Ln2 * choices))) + Alarm;
        return degrees + (2 * Math.Sqrt(degrees * t)) + (2 * t) + (Quantile * Quantile);
    }

    // One weight for each step, moved by a gradient of one at that step alone.
    private static float[] Responses(ModelSpec spec)
    {
        int steps = spec.Training.Steps;
        float[] weights = new float[steps];
        float[] gradient = new float[steps];
        OptimizerState optimizer = spec.Optimizer.Start(steps);
        WeightAverage? average = spec.Training.AverageDecay is double decay ? new WeightAverage(weights, decay) : null;
        for (int step = 1; step <= steps; step++)
        {
            gradient[step - 1] = 1;
            optimizer.Step(
                weights, gradient, 1, (float)spec.Optimizer.RateAt(step, steps), step, 0, steps);
            average?.Step(weights, 0, steps);
            gradient[step - 1] = 0;
        }

        return average?.Values ?? weights;
    }
}
