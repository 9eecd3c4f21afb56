namespace Research.Training.Data;

/// <summary>A data set's two parts.</summary>
/// <param name="Name">The name it was opened by.</param>
/// <param name="Train">What models learn from.</param>
/// <param name="Test">What they are measured on.</param>
public sealed record DatasetSplit(string Name, Dataset Train, Dataset Test);
