namespace Research.Privacy.Accounting;

/// <summary>Nodes and weights of Gauss and Legendre's rule on [−1, 1].</summary>
internal static class GaussLegendre
{
    /// <summary>Gets four nodes.</summary>
    public static ReadOnlySpan<double> FourNodes =>
        [-0.8611363115940526, -0.3399810435848563, 0.3399810435848563, 0.8611363115940526];

    /// <summary>Gets the weights of <see cref="FourNodes"/>.</summary>
    public static ReadOnlySpan<double> FourWeights =>
        [0.3478548451374538, 0.6521451548625461, 0.6521451548625461, 0.3478548451374538];

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
