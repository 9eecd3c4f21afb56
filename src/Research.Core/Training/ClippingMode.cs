namespace Research.Training;

/// <summary>How each example's gradient is bounded by the clip norm before the sum.</summary>
/// <remarks>In every mode an example's share of the sum has an L2 norm of at most the clip norm.</remarks>
public enum ClippingMode
{
    /// <summary>Gradients longer than the clip norm are shortened to it, over all parameters together.</summary>
    Flat,

    /// <summary>Each of the L layers with parameters is clipped by itself, to the clip norm over √L.</summary>
    PerLayer,

    /// <summary>Every gradient is multiplied by clip norm / (its norm + 0.01).</summary>
    /// <remarks>Bu, Wang, Zha and Karypis 2023, arXiv:2206.07136v3, the variant AUTO-S.</remarks>
    Automatic,
}
