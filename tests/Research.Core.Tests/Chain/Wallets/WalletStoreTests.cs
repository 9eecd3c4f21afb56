using Research.Chain.Wallets;

namespace Research.Tests.Chain.Wallets;

public sealed class WalletStoreTests : IDisposable
{
    private static readonly byte[] Key =
        Convert.FromHexString("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318");

    private readonly string _root = Directory.CreateTempSubdirectory("research-").FullName;

    private WalletStore Store => new(Path.Combine(_root, "deep", "wallets"));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Add_NewWallet_IsForItsOwnerAloneAndLeavesNothingElse()
    {
        string path = Store.Add("alice", Make());

        Assert.Equal([path], Directory.GetFiles(Store.Folder));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Store.Folder));
        }
    }

    [Fact]
    public void Add_NameIsTaken_ChangesNothing()
    {
        string path = Store.Add("alice", Make());
        byte[] before = File.ReadAllBytes(path);

        WalletException refused = Assert.Throws<WalletException>(() => Store.Add("alice", Make()));

        Assert.Contains("never overwritten", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(Store.Folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("-option")]
    [InlineData("../up")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\0")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void PathOf_NoName_IsRefused(string name) =>
        Assert.Throws<WalletException>(() => Store.PathOf(name));

    [Fact]
    public void List_ShowsAddressesWithoutPassphrase_AndWhatIsNoWallet()
    {
        Store.Add("bob", Make());
        Store.Add("alice.main-1_x", Make());
        File.WriteAllText(Path.Combine(Store.Folder, "broken.json"), "{}");

        IReadOnlyList<StoredWallet> wallets = Store.List();

        Assert.Equal(["alice.main-1_x", "bob", "broken"], wallets.Select(wallet => wallet.Name));
        Assert.Equal("0x2c7536E3605D9C16a7a3D7b1898e529396a65c23", wallets[1].Address.ToString());
        Assert.Contains("version", wallets[2].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void List_NoFolder_IsEmpty() => Assert.Empty(Store.List());

    [Fact]
    public void Open_RightAndWrongPassphrase_NamesTheWallet()
    {
        Store.Add("alice", Make());

        Assert.Equal(Store.Read("alice").Address, Store.Open("alice", "p"u8).Address);
        Assert.StartsWith(
            "Wallet alice: The passphrase is wrong",
            Assert.Throws<WalletException>(() => Store.Open("alice", "q"u8)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "no wallet bob", Assert.Throws<WalletException>(() => Store.Open("bob", "q"u8)).Message, StringComparison.Ordinal);
    }

    private static Keystore Make() => Keystore.Encrypt(Key, "p"u8, new ScryptDerivation(2, 8, 1));
}
