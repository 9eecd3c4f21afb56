namespace Research.Training;

/// <summary>How long and in which portions to train.</summary>
/// <param name="BatchSize">
/// Examples in a step, at least 1. With privacy it is the public constant by which the noisy gradient sum is divided,
/// whatever the size of the
/// Poisson batch.
/// </param>
/// <param name="Steps">Optimiser steps in one run, at least 1.</param>
/// <param name="AverageDecay">
/// Decay of an exponential moving average of the weights, in (0, 1); the averaged weights are then the run's result.
/// Null keeps the last weights.
/// </param>
/// <param name="Augmentation">Random changes to training images; null makes none.</param>
public sealed record TrainingSection(
    int BatchSize, int Steps, double? AverageDecay = null, Augmentation? Augmentation = null);
