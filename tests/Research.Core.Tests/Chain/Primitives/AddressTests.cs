using Research.Chain.Primitives;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Primitives;

public sealed class AddressTests
{
    // Oracles: the example of ethereum.stackexchange 760 (pyethereum), and Hardhat's first two deployments.
    [Theory]
    [InlineData("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0", 0, "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d")]
    [InlineData("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0", 1, "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8")]
    [InlineData("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", 0, "0x5FbDB2315678afecb367f032d93F642f64180aa3")]
    [InlineData("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", 1, "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512")]
    public void OfDeployment_PublishedExamples_Match(string deployer, int nonce, string contract) =>
        Assert.Equal(Address.Parse(contract), Address.OfDeployment(Address.Parse(deployer), (ulong)nonce));

    // Oracle: EIP-55, "Test Cases".
    [Theory]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0x8617E340B3D01FA5F11F306F4090FD50E238070D")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    [InlineData("0x27b1fdb04752bbc536007a920d24acb045561c26")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void ToString_Eip55Address_HasItsChecksum(string text)
    {
        Assert.Equal(text, Address.Parse(text).ToString());
        Assert.Equal(text, Address.Parse(text.ToLowerInvariant()).ToString());
        Assert.Equal(text, Address.Parse(text[2..].ToUpperInvariant()).ToString());
    }

    [Theory]
    [InlineData("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "checksum")] // The first letter's case is wrong.
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", "40 hex digits")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed0", "40 hex digits")]
    [InlineData("0xzaAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "40 hex digits")]
    [InlineData("", "40 hex digits")]
    public void Parse_NoAddress_Throws(string text, string reason) =>
        Assert.Contains(
            reason, Assert.Throws<FormatException>(() => Address.Parse(text)).Message, StringComparison.Ordinal);

    [RequiresFact("node", "npm")]
    public async Task ToString_RandomAddresses_AgreesWithCast()
    {
        Random random = new(55);
        byte[] bytes = new byte[20];
        for (int i = 0; i < 8; i++)
        {
            random.NextBytes(bytes);
            Assert.Equal(await Cast.RunAsync("to-check-sum-address", Hex.Encode(bytes)), new Address(bytes).ToString());
        }
    }
}
