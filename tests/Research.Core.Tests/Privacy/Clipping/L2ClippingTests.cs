using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Research.Privacy.Clipping;

namespace Research.Tests.Privacy.Clipping;

public sealed class L2ClippingTests
{
    // Every float there is, by its bits: subnormals, huge ones, zeros; NaN and infinities too.
    private static readonly Gen<float[]> AnyFloats = ArbMap.Default.GeneratorFor<uint>()
        .Select(bits => BitConverter.UInt32BitsToSingle(bits * 2654435761)).ArrayOf();

    private static readonly Gen<double> AnyBound =
        Gen.Choose(-100, 99)
            .SelectMany(e => Gen.Choose(0, 1 << 30).Select(m => Math.ScaleB(1 + (m / 1073741824.0), e)));

    [Fact]
    public void Apply_ExtremeFloats_NeverExceedsTheBound() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5000),
        Prop.ForAll(AnyFloats.ToArbitrary(), AnyBound.ToArbitrary(), (vector, bound) =>
        {
            bool finite = vector.All(float.IsFinite);
            L2Clipping.Apply(vector, bound);
            return IsWithin(vector, bound) && (finite || vector.All(value => value == 0));
        }));

    // Norms just around the bound, where rounding decides.
    [Fact]
    public void Apply_NormsAroundTheBound_NeverExceedsIt()
    {
        Random random = new(1);
        for (int i = 0; i < 20_000; i++)
        {
            float[] vector = [.. Enumerable.Range(0, 1 + (i % 50)).Select(_ => (float)(random.NextDouble() - 0.5))];
            double bound = Math.Sqrt(L2Clipping.SquaredNorm(vector)) * (1 + ((random.NextDouble() - 0.5) * 1e-6));
            L2Clipping.Apply(vector, bound);
            Assert.True(IsWithin(vector, bound));
        }
    }

    // Every element times the automatic factor, in floats: what a sum receives.
    [Fact]
    public void AutomaticFactor_ExtremeFloats_StaysBelowTheBound() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5000),
        Prop.ForAll(AnyFloats.ToArbitrary(), AnyBound.ToArbitrary(), (vector, bound) =>
        {
            float[] finite = [.. vector.Where(float.IsFinite)];
            return IsWithin(ScaledAutomatically(finite, bound), bound);
        }));

    // From norms that 0.01 outweighs to norms beside which it vanishes in double: there the rounding alone decides.
    [Fact]
    public void AutomaticFactor_NormsOfEveryMagnitude_StaysBelowTheBoundAndCloseToTheFormula()
    {
        Random random = new(1);
        for (int i = 0; i < 20_000; i++)
        {
            float size = MathF.ScaleB(1, (i % 200) - 90);
            float[] vector = [.. Enumerable.Range(0, 1 + (i % 50)).Select(_ => (random.NextSingle() - 0.5f) * size)];
            double bound = Math.ScaleB(1 + random.NextDouble(), random.Next(-30, 30));
            double norm = Math.Sqrt(L2Clipping.SquaredNorm(vector));

            float[] scaled = ScaledAutomatically(vector, bound);

            Assert.True(IsWithin(scaled, bound));
            double factor = L2Clipping.AutomaticFactor(norm * norm, bound);
            double formula = bound / (norm + 0.01);
            Assert.InRange(factor, (formula * (1 - 5e-7)) - 1e-44, formula);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1.0)]
    public void AutomaticFactor_NormThatIsNone_IsZero(double squaredNorm) =>
        Assert.Equal(0f, L2Clipping.AutomaticFactor(squaredNorm, 1));

    [Theory]
    [InlineData(0.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void AutomaticFactor_BoundOutOfRange_IsRefusedByName(double bound) =>
        Assert.Equal(
            "clipNorm",
            Assert.Throws<ArgumentOutOfRangeException>(() => L2Clipping.AutomaticFactor(1, bound)).ParamName);

    // The whole of L parts, each of the largest norm allowed, in exact integers: (2^100·b)²·L against (2^100·C)².
    [Fact]
    public void LayerBound_AnyNumberOfLayers_KeepsTheWholeWithinTheBound()
    {
        Random random = new(1);
        for (int layers = 1; layers <= 1000; layers++)
        {
            double bound = Math.ScaleB(1 + random.NextDouble(), random.Next(-30, 30));

            double each = L2Clipping.LayerBound(bound, layers);

            BigInteger part = new(Math.ScaleB(each, 100));
            BigInteger whole = new(Math.ScaleB(bound, 100));
            Assert.True(part * part * layers <= whole * whole);
            Assert.Equal(bound / Math.Sqrt(layers), each, bound * 1e-14);
        }
    }

    [Fact]
    public void Apply_LongVector_KeepsNearlyTheWholeBound()
    {
        float[] vector = [.. Enumerable.Range(0, 1_000_000).Select(i => MathF.Sin(i))];
        L2Clipping.Apply(vector, 1);
        Assert.InRange(Math.Sqrt(L2Clipping.SquaredNorm(vector)), 1 - 1e-6, 1);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1.0)]
    public void Factor_NormThatIsNone_IsZero(double squaredNorm) => Assert.Equal(0f, L2Clipping.Factor(squaredNorm, 1));

    [Theory]
    [InlineData(0.0, 1.0, 1f)]
    [InlineData(0.99, 1.0, 1f)]
    [InlineData(5e-324, 1e-30, 1f)]
    [InlineData(1e300, 1e-30, 0f)]
    public void Factor_KnownNorms_IsExact(double squaredNorm, double bound, float expected) =>
        Assert.Equal(expected, L2Clipping.Factor(squaredNorm, bound));

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Factor_BoundOutOfRange_IsRefusedByName(double bound) =>
        Assert.Equal(
            "clipNorm", Assert.Throws<ArgumentOutOfRangeException>(() => L2Clipping.Factor(1, bound)).ParamName);

    private static float[] ScaledAutomatically(float[] vector, double bound)
    {
        float factor = L2Clipping.AutomaticFactor(L2Clipping.SquaredNorm(vector), bound);
        return [.. vector.Select(value => value * factor)];
    }

    // The squared norm in quadruple-like precision: products of floats are exact in double, sums compensated.
    private static bool IsWithin(float[] vector, double bound)
    {
        double high = 0;
        double low = 0;
        foreach (float value in vector)
        {
            double square = (double)value * value;
            double next = high + square;
            low += high >= square ? high - next + square : square - next + high;
            high = next;
        }

        return high + low <= bound * bound;
    }
}
