namespace Research.Training;

/// <summary>Where one parameter lies in a network's flat weights.</summary>
/// <param name="Name">For example <c>layers.0.weight</c>; the number is the layer's place in the specification.</param>
/// <param name="Shape">Its shape, row-major.</param>
/// <param name="Offset">Index of its first number.</param>
/// <param name="Length">How many numbers it has.</param>
public sealed record ParameterTensor(string Name, IReadOnlyList<int> Shape, int Offset, int Length);
