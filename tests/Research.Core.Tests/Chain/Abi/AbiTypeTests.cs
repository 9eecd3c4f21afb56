using Research.Chain.Abi;

namespace Research.Tests.Chain.Abi;

public sealed class AbiTypeTests
{
    [Theory]
    [InlineData("uint", "uint256", false)]
    [InlineData("int8[3][]", "int8[3][]", true)]
    [InlineData("(address,(bytes32,bool)[2])", "(address,(bytes32,bool)[2])", false)]
    [InlineData("(string)[2]", "(string)[2]", true)]
    [InlineData("()", "()", false)]
    public void Parse_Type_HasItsCanonicalName(string text, string name, bool isDynamic)
    {
        AbiType type = AbiType.Parse(text);

        Assert.Equal(name, type.Name);
        Assert.Equal(isDynamic, type.IsDynamic);
    }

    [Theory]
    [InlineData("")]
    [InlineData("uint7")]
    [InlineData("uint264")]
    [InlineData("uint08")]
    [InlineData("bytes33")]
    [InlineData("bytes0")]
    [InlineData("uint256[0]")]
    [InlineData("uint256[-1]")]
    [InlineData("uint256[")]
    [InlineData("(uint256")]
    [InlineData("(uint256,)")]
    [InlineData("uint256)")]
    [InlineData("()[]")]
    [InlineData("fixed128x18")]
    [InlineData("uint256[99999999999]")]
    [InlineData("uint256[2147483647]")]
    [InlineData("uint8[1000][1000][1000]")]
    [InlineData("uint8[][][][][][][][][][][][][][][][][]")]
    [InlineData("((((((((((((((((((uint8))))))))))))))))))")]
    public void Parse_NoType_Throws(string text) => Assert.Throws<AbiException>(() => AbiType.Parse(text));

    [Fact]
    public void Parse_LongText_Throws() => Assert.Throws<AbiException>(() => AbiType.Parse(new string('(', 1_000_000)));
}
