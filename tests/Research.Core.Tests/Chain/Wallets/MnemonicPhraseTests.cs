using System.Text.Json;
using NBitcoin;
using Research.Chain.Signing;
using Research.Chain.Wallets;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Wallets;

public sealed class MnemonicPhraseTests
{
    private const string Words = "legal winner thank year wave sausage worth useful legal winner thank yellow";

    // Oracle: the vectors that BIP-39 names, trezor/python-mnemonic 0ec16bc, vectors.json; their passphrase is TREZOR.
    [Fact]
    public void Vectors_OfBip39_GiveTheirWordsAndSeeds()
    {
        string file = Path.Combine(ExternalTool.RepositoryRoot, "tests", "Fixtures", "bip39.json");
        string[][] vectors = JsonSerializer.Deserialize<string[][]>(File.ReadAllBytes(file))!;

        Assert.Equal(24, vectors.Length);
        foreach (string[] vector in vectors)
        {
            MnemonicPhrase phrase = MnemonicPhrase.FromEntropy(Convert.FromHexString(vector[0]));
            Assert.Equal(vector[1], phrase.Reveal());
            Assert.Equal(vector[1], MnemonicPhrase.Parse("  " + vector[1].ToUpperInvariant().Replace(" ", "\n ", StringComparison.Ordinal)).Reveal());
            Assert.Equal(vector[2], Convert.ToHexStringLower(phrase.Seed("TREZOR")));
        }
    }

    // Oracle: Python's hashlib.pbkdf2_hmac over unicodedata.normalize("NFKD"). The runtime, without language data,
    // normalises nothing; NBitcoin does.
    [Fact]
    public void Seed_PassphraseThatIsNotAscii_IsNormalised() => Assert.Equal(
        "050512b1368fd177", Convert.ToHexStringLower(MnemonicPhrase.Parse(Words).Seed("é㍍ガバ"))[..16]);

    // Oracle: BIP-32's test vectors 1 to 4; 3 and 4 are about leading zeros.
    [Theory]
    [InlineData(
        "000102030405060708090a0b0c0d0e0f", "0'/1/2'/2/1000000000",
        "xprvA41z7zogVVwxVSgdKUHDy1SKmdb533PjDz7J6N6mV6uS3ze1ai8FHa8kmHScGpWmj4WggLyQjgPie1rFSruoUihUZREPSL39UNdE3BBDu76")]
    [InlineData(
        "fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875726f6c696663605d5a"
            + "5754514e4b484542",
        "0/2147483647'/1/2147483646'/2",
        "xprvA2nrNbFZABcdryreWet9Ea4LvTJcGsqrMzxHx98MMrotbir7yrKCEXw7nadnHM8Dq38EGfSh6dqA9QWTyefMLEcBYJUuekgW4BYPJcr9E7j")]
    [InlineData(
        "4b381541583be4423346c643850da4b320e46a87ae3d2a4e6da11eba819cd4acba45d239319ac14f863b8d5ab5a0d0c64d2e8a1e7d1457df"
            + "2e5a3c51c73235be",
        "0'",
        "xprv9uPDJpEQgRQfDcW7BkF7eTya6RPxXeJCqCJGHuCJ4GiRVLzkTXBAJMu2qaMWPrS7AANYqdq6vcBcBUdJCVVFceUvJFjaPdGZ2y9WACViL4L")]
    [InlineData(
        "3ddd5602285899a946114506157c7997e5444528f3003f6134712147db19b678", "0'/1'",
        "xprv9xJocDuwtYCMNAo3Zw76WENQeAS6WGXQ55RCy7tDJ8oALr4FWkuVoHJeHVAcAqiZLE7Je3vZJHxspZdFHfnBEjHqU5hG1Jaj32dVoS6XLT1")]
    public void Derivation_VectorsOfBip32_IsNBitcoins(string seed, string path, string extendedKey)
    {
        ExtKey derived = ExtKey.CreateFromSeed(Convert.FromHexString(seed)).Derive(new KeyPath(path));

        Assert.Equal(extendedKey, derived.ToString(Network.Main));
        Assert.Equal(32, derived.PrivateKey.ToBytes().Length);
    }

    // Oracle: anvil 1.7.1's own list of its accounts.
    [Fact]
    public void AddressOf_DevelopmentMnemonic_IsAnvils()
    {
        MnemonicPhrase phrase = MnemonicPhrase.Parse("test test test test test test test test test test test junk");

        Assert.Equal("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", phrase.AddressOf(0).ToString());
        Assert.Equal("0xa0Ee7A142d267C1f36714E4a8F75612F20a79720", phrase.AddressOf(9).ToString());
    }

    [RequiresFact("node", "npm")]
    public async Task DerivePrivateKey_OtherIndexAndPassphrase_AgreesWithCast()
    {
        MnemonicPhrase phrase = MnemonicPhrase.Generate(24);

        string plain = await Cast.RunAsync("wallet", "private-key", phrase.Reveal(), "13");
        string address = await Cast.RunAsync(
            "wallet", "address", "--mnemonic", phrase.Reveal(), "--mnemonic-passphrase", "TREZOR", "--mnemonic-index", "2");

        Assert.Equal(PrivateKeyAccount.Parse(plain).Address, phrase.AddressOf(13));
        Assert.Equal(address, phrase.AddressOf(2, "TREZOR").ToString());
    }

    [Theory]
    [InlineData("legal winner thank", "Expected the 12, 15, 18, 21 or 24 words of a mnemonic, got 3.")]
    [InlineData(
        "legal winner thank year wave sausage worth usefull legal winner thank yellow",
        "Word 8 of 12 is not in the English list of BIP-39: it may be mistyped.")]
    [InlineData(
        "winner legal thank year wave sausage worth useful legal winner thank yellow",
        "The words are all in the list, but their checksum does not fit: one is another word, or two are swapped.")]
    public void Parse_NoMnemonic_SaysWhereAndRepeatsNoWord(string text, string message) =>
        Assert.Equal(message, Assert.Throws<WalletException>(() => MnemonicPhrase.Parse(text)).Message);

    [Fact]
    public void Parse_Endless_IsRefused() =>
        Assert.Throws<WalletException>(() => MnemonicPhrase.Parse(new string('a', 1 << 20)));

    [Theory]
    [InlineData(12)]
    [InlineData(24)]
    public void Generate_Words_AreValidAndNew(int words)
    {
        MnemonicPhrase phrase = MnemonicPhrase.Generate(words);

        Assert.Equal(words, MnemonicPhrase.Parse(phrase.Reveal()).Count);
        Assert.NotEqual(phrase.Reveal(), MnemonicPhrase.Generate(words).Reveal());
        Assert.Throws<ArgumentOutOfRangeException>(() => MnemonicPhrase.Generate(13));
    }

    [Fact]
    public void ToString_OfAPhrase_IsNotItsWords() =>
        Assert.Equal("(secret, not shown)", MnemonicPhrase.Parse(Words).ToString());
}
