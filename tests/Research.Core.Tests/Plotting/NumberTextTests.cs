using Research.Plotting;

namespace Research.Tests.Plotting;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(0.874, "0.874")]
    [InlineData(-0.043, "−0.043")]
    [InlineData(4.2100001, "4.21")]
    [InlineData(52000.0, "52,000")]
    [InlineData(1234.56, "1,235")]
    [InlineData(0.00012345, "0.0001234")]
    [InlineData(1e-12, "10⁻¹²")]
    [InlineData(-2.5e21, "−2.5×10²¹")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "–")]
    public void Value_AnySize_ReadsAsAPersonWouldWriteIt(double value, string expected) =>
        Assert.Equal(expected, NumberText.Value(value));

    [Theory]
    [InlineData(new[] { 0.0, 0.5, 1.0 }, "0.0 0.5 1.0")]
    [InlineData(new[] { 0.0, 5000, 10000 }, "0 5,000 10,000")]
    [InlineData(new[] { -0.05, 0, 0.05 }, "−0.05 0.00 0.05")]
    [InlineData(new[] { 1e9, 2e9 }, "10⁹ 2×10⁹")]
    [InlineData(new[] { 1700000000.0, 1700000002 }, "1,700,000,000 1,700,000,002")]
    [InlineData(new[] { 0.0, 2e-9 }, "0 2×10⁻⁹")]
    public void Ticks_Neighbours_AreTellableApartAndAlike(double[] ticks, string expected) =>
        Assert.Equal(expected, string.Join(' ', NumberText.Ticks(ticks)));
}
