namespace Research.Training;

/// <summary>One step of a loss curve.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Loss">Mean loss of the step's batch before the step, in nats; null for an empty Poisson batch. It is
/// not private: keep it local.</param>
/// <param name="BatchSize">Examples in the batch. With privacy it is random and secret: keep it local.</param>
/// <param name="Validation">The network after the step, on the validation data; null where it was not measured.</param>
public readonly record struct LossPoint(int Step, double? Loss, int BatchSize, Evaluation? Validation = null);
