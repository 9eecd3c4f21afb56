namespace Research.Training.Optimizers;

/// <summary>The same learning rate at every step after the warm-up.</summary>
/// <param name="WarmUpSteps">Steps of the linear warm-up, 1 to the steps of a run; without one leave the schedule
/// out.</param>
public sealed record ConstantSchedule(int WarmUpSteps) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override string Type => "constant";

    /// <inheritdoc/>
    public override int WarmUpSteps { get; init; } = WarmUpSteps;

    private protected override double Share(int step, int steps) => 1;
}
