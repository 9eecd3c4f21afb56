using Research.Chain.Primitives;
using Research.Chain.Signing;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Signing;

public sealed class Bip32Tests
{
    private const string Mnemonic = "test test test test test test test test test test test junk";

    // Oracle: anvil 1.7.1's own list of its accounts.
    [Fact]
    public void Accounts_DevelopmentMnemonic_AreAnvils()
    {
        PrivateKeyAccount[] accounts = Bip32.Accounts(Mnemonic, 10);

        Assert.Equal("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", accounts[0].ToString());
        Assert.Equal("0x70997970C51812dc3A010C7d01b50e0d17dc79C8", accounts[1].ToString());
        Assert.Equal("0xa0Ee7A142d267C1f36714E4a8F75612F20a79720", accounts[9].ToString());
    }

    [RequiresFact("node", "npm")]
    public async Task Accounts_OtherMnemonic_AgreesWithCast()
    {
        string mnemonic = "legal winner thank year wave sausage worth useful legal winner thank yellow";

        string key = await Cast.RunAsync("wallet", "private-key", mnemonic, "13");

        Assert.Equal(PrivateKeyAccount.Parse(key).Address, Bip32.Accounts(mnemonic, 14)[13].Address);
        Assert.NotEqual(Address.Zero, Bip32.Accounts(mnemonic, 1)[0].Address);
    }
}
