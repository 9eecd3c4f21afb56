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
        foreach (double weight in Responses(spec))
        {
            response += weight * weight;
        }

        const double Unit = Aggregation.FixedPoint.UnitsPerOne;
        return step * step * response * Unit * Unit;
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

    // One weight for each step, moved by a gradient of one at that step alone; contracts/SCORING.md has the same.
    private static double[] Responses(ModelSpec spec)
    {
        Sgd sgd = (Sgd)spec.Optimizer;
        int steps = spec.Training.Steps;
        double[] weights = new double[steps];
        double[] velocities = new double[steps];
        double[] averages = new double[steps];
        for (int step = 1; step <= steps; step++)
        {
            double rate = sgd.RateAt(step, steps);
            for (int i = 0; i < step; i++)
            {
                double gradient = (i == step - 1 ? 1 : 0) + (sgd.WeightDecay * weights[i]);
                velocities[i] = (sgd.Momentum * velocities[i]) + gradient;
                double direction = sgd.Nesterov ? gradient + (sgd.Momentum * velocities[i]) : velocities[i];
                weights[i] -= rate * direction;
                if (spec.Training.AverageDecay is { } decay)
                {
                    averages[i] = (decay * averages[i]) + ((1 - decay) * weights[i]);
                }
            }
        }

        return spec.Training.AverageDecay is null ? weights : averages;
    }
}
