namespace Research.Privacy.Accounting;

/// <summary>Nodes and weights of Gauss and Legendre's rule on [−1, 1].</summary>
internal static class GaussLegendre
{
    /// <summary>Gets three nodes.</summary>
    public static ReadOnlySpan<double> ThreeNodes => [-0.7745966692414834, 0, 0.7745966692414834];

    /// <summary>Gets the weights of <see cref="ThreeNodes"/>.</summary>
    public static ReadOnlySpan<double> ThreeWeights => [0.5555555555555556, 0.8888888888888888, 0.5555555555555556];

    /// <summary>Gets six nodes.</summary>
    public static ReadOnlySpan<double> SixNodes =>
    [
        -0.9324695142031521, -0.6612093864662645, -0.2386191860831969,
        0.2386191860831969, 0.6612093864662645, 0.9324695142031521,
    ];

    /// <summary>Gets the weights of <see cref="SixNodes"/>.</summary>
    public static ReadOnlySpan<double> SixWeights =>
    [
        0.1713244923791704, 0.3607615730481386, 0.4679139345726910,
        0.4679139345726910, 0.3607615730481386, 0.1713244923791704,
    ];
}
