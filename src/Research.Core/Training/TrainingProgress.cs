namespace Research.Training;

/// <summary>How far a run has come.</summary>
/// <param name="Point">The step just made.</param>
/// <param name="Steps">Steps in the whole run.</param>
/// <param name="Elapsed">Time since the run began.</param>
public readonly record struct TrainingProgress(LossPoint Point, int Steps, TimeSpan Elapsed);
