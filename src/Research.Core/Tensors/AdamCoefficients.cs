namespace Research.Tensors;

/// <summary>What one step of Adam uses; everything that depends on the step's number is in here.</summary>
/// <param name="Scale">s, which turns a summed gradient into a mean.</param>
/// <param name="Shrink">1 − η·λ, by which weights are multiplied first; 1 without weight decay.</param>
/// <param name="Beta1">β₁.</param>
/// <param name="FirstShare">1 − β₁, rounded from double: nearer than the difference of the rounded β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="SecondShare">1 − β₂, rounded from double.</param>
/// <param name="RootCorrection">√(1 − β₂^t).</param>
/// <param name="Epsilon">ε, added outside the root.</param>
/// <param name="StepSize">η / (1 − β₁^t).</param>
internal readonly record struct AdamCoefficients(
    float Scale,
    float Shrink,
    float Beta1,
    float FirstShare,
    float Beta2,
    float SecondShare,
    float RootCorrection,
    float Epsilon,
    float StepSize);
