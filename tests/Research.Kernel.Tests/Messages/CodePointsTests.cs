using Research.Kernel.Messages;

namespace Research.Tests.Messages;

public sealed class CodePointsTests
{
    [Theory]
    [InlineData("abc", 2, 2)]
    [InlineData("a😀b", 2, 3)]
    [InlineData("a😀b", 3, 4)]
    [InlineData("a😀b", 99, 4)]
    [InlineData("a😀b", -1, 0)]
    [InlineData("\ud83dx", 1, 1)]
    [InlineData("", 1, 0)]
    public void ToUtf16_Position_IsIndex(string text, int position, int index) =>
        Assert.Equal(index, CodePoints.ToUtf16(text, position));

    [Theory]
    [InlineData("a😀b", 3, 2)]
    [InlineData("a😀b", 4, 3)]
    [InlineData("a😀b", 99, 3)]
    [InlineData("a😀b", -1, 0)]
    public void FromUtf16_Index_IsPosition(string text, int index, int position) =>
        Assert.Equal(position, CodePoints.FromUtf16(text, index));
}
