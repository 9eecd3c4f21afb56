using System.Numerics;

namespace Research.Federation.Rewards;

/// <summary>One update by itself, against a round's measure.</summary>
/// <param name="Signal">Its scalar product with the direction.</param>
/// <param name="Squared">Its squared length.</param>
/// <param name="Beside">Its squared length beside the direction and the past steps.</param>
/// <param name="Z">Its signal over the deviation of a signal of its own noise, for people to read.</param>
/// <param name="IsSignificant">Whether the signal is more than noise would give.</param>
/// <param name="HasNoise">Whether it carries the noise that the specification asks for.</param>
internal readonly record struct UpdateMeasure(
    BigInteger Signal, BigInteger Squared, BigInteger Beside, double Z, bool IsSignificant, bool HasNoise);
