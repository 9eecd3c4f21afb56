namespace Research.Training;

/// <summary>How well a network does on a data set.</summary>
/// <param name="Loss">Mean loss, summed in double in the data's order.</param>
/// <param name="Accuracy">Share of examples whose highest score is their label's, in [0, 1]; the first of equal scores
/// counts.</param>
/// <param name="Count">Number of examples, at least 1.</param>
public sealed record Evaluation(double Loss, double Accuracy, int Count);
