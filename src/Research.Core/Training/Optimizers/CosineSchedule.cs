using Research.Tensors;

namespace Research.Training.Optimizers;

/// <summary>Half a cosine from the whole rate, at the end of the warm-up, to a part of it at the last step.</summary>
/// <remarks>
/// After the warm-up's W of T steps, step t uses f + (1 − f)·(1 + cos(π·(t − W)/(T − W)))/2 of the rate.
/// Source: Loshchilov and Hutter 2017, arXiv:1608.03983v5, Eq. 5, without restarts.
/// </remarks>
/// <param name="WarmUpSteps">W, steps of the linear warm-up, 0 to the steps of a run.</param>
/// <param name="FinalFraction">f, the part of the rate that the last step uses, in [0, 1).</param>
public sealed record CosineSchedule(int WarmUpSteps = 0, double FinalFraction = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Type => "cosine";

    /// <inheritdoc/>
    public override int WarmUpSteps { get; init; } = WarmUpSteps;

    private protected override double Share(int step, int steps)
    {
        // (1 + cos πp)/2 is the square of cos(πp/2), which beyond p = ½ is sin(π(1 − p)/2): exactly 1 at the start and
        // 0 at the end.
        double progress = (double)step / steps;
        double root = 2 * (long)step <= steps
            ? DoubleSinCos.OfQuarterTurns(progress).Cos
            : DoubleSinCos.OfQuarterTurns((double)(steps - step) / steps).Sin;
        return FinalFraction + ((1 - FinalFraction) * root * root);
    }
}
