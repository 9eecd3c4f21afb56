using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Nethereum.Signer;
using Research.Chain.Primitives;
using Research.Chain.Signing;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Signing;

public sealed class PrivateKeyAccountTests
{
    private const string DevKey = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    // Oracle: the secp256k1 vectors of RFC 6979 that trezor-crypto, decred and bitcoinjs share.
    [Theory]
    [InlineData(
        "cca9fbcc1b41e5a95d369eaa6ddcff73b61a4efaa279cfc6567e8daa39cbaf50",
        "sample",
        "af340daf02cc15c8d5d08d7735dfe6b98a474ed373bdb5fbecf7571be52b38425009fb27f37034a9b24b707b7c6b79ca23ddef9e25f7282e8a797efe53a8f124")]
    [InlineData(
        "0000000000000000000000000000000000000000000000000000000000000001",
        "Satoshi Nakamoto",
        "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d82442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5")]
    [InlineData(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140",
        "Satoshi Nakamoto",
        "fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d06b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5")]
    [InlineData(
        "f8b8af8ce3c7cca5e300d33939540c10d45ce001b8f252bfbc57ba0342904181",
        "Alan Turing",
        "7063ae83e7f62bbb171798131b4a0564b956930092b33b07b395615d9ec7e15c58dfcc1e00a35e1572f366ffe34ba0fc47db1e7189759b9fb233c5b05ab388ea")]
    [InlineData(
        "0000000000000000000000000000000000000000000000000000000000000001",
        "All those moments will be lost in time, like tears in rain. Time to die...",
        "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21")]
    public void SignHash_Rfc6979Vector_Matches(string key, string message, string expected)
    {
        PrivateKeyAccount account = PrivateKeyAccount.Parse(key);

        Signature signature = account.SignHash(new Bytes32(SHA256.HashData(Encoding.ASCII.GetBytes(message))));

        Assert.Equal(expected, Convert.ToHexStringLower(signature.ToBytes()[..64]));
    }

    // Oracle: the framework's ECDsa, which is OpenSSL or CNG; Apple's has no such curve.
    [Fact]
    public void SignHash_RandomKeysAndHashes_VerifiesWithTheFramework()
    {
        if (OperatingSystem.IsMacOS())
        {
            return;
        }

        Random random = new(11);
        byte[] bytes = new byte[32];
        for (int i = 0; i < 50; i++)
        {
            random.NextBytes(bytes);
            PrivateKeyAccount account = new(bytes);
            byte[] publicKey = new EthECKey(bytes, true).GetPubKeyNoPrefix();
            using ECDsa oracle = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.CreateFromValue("1.3.132.0.10"),
                Q = new ECPoint { X = publicKey[..32], Y = publicKey[32..] },
            });
            byte[] hash = SHA256.HashData(bytes);

            Signature signature = account.SignHash(new Bytes32(hash));

            Assert.True(oracle.VerifyHash(hash, signature.ToBytes()[..64]));
            Assert.True(signature.S.ToArray()[0] <= 0x7F); // Low s.
        }
    }

    [RequiresFact("node", "npm")]
    public async Task Account_RandomKeys_AgreesWithCast()
    {
        Random random = new(12);
        byte[] key = new byte[32];
        for (int i = 0; i < 4; i++)
        {
            random.NextBytes(key);
            PrivateKeyAccount account = new(key);
            Bytes32 hash = Keccak256.Hash(key);

            Assert.Equal(
                await Cast.RunAsync("wallet", "address", "--private-key", Hex.Encode(key)), account.ToString());
            Assert.Equal(
                await Cast.RunAsync("wallet", "sign", "--no-hash", "--private-key", Hex.Encode(key), hash.ToString()),
                Hex.Encode(account.SignHash(hash).ToBytes()));
            Assert.Equal(
                await Cast.RunAsync("wallet", "sign", "--private-key", Hex.Encode(key), "größer"),
                Hex.Encode(account.SignMessage("größer").ToBytes()));
        }
    }

    // Oracle: ethereumjs-monorepo 052242c, packages/tx/test/json/eip1559.json; chain 7822.
    [Theory]
    [InlineData(819, 43203529, 35552, 75853, 121212, "0x02f870821e8e8203338301284d8301d97c828ae094000000000000000000000000000000000000aaaa8402933bc980c080a0d067f2167008c59219652f91cbf8788dbca5f771f6e91e2b7657e85b78b472e0a01d305af9fe81fdba43f0dfcd400ed24dcace0a7e30d4e85701dcaaf484cd079e")]
    [InlineData(353, 61901619, 32593, 38850, 136295, "0x02f86f821e8e8201618297c283021467827f5194000000000000000000000000000000000000aaaa8403b08b3380c001a004205678f13fc1d7b10feea6513dfa76e24418b6e08097d95c6f93a3b64e536da01d45ad61bfece43862de2cce7d2575a8c1d08c26c87f3cb5f26d7b0be54a91b2")]
    [InlineData(939, 2782905, 45047, 45216, 91648, "0x02f86e821e8e8203ab82b0a08301660082aff794000000000000000000000000000000000000aaaa832a76b980c001a0a0e7d9b07c7ec68f24788a554f993b99d59a3f08439cc6c942f62ea0341f2aeba078122b9957c146f7c87811bd58a7e9916ca8c07dabcf875b97bbdef79cb9c197")]
    public void SignTransaction_Eip1559Vector_Matches(
        ulong nonce, int value, ulong gasLimit, int tip, int fee, string expected)
    {
        PrivateKeyAccount account = PrivateKeyAccount.Parse(
            "8f2a55949038a9610f50fb23b5883af3b4ecb3c3bb792cbcefbd1542c692be63");
        Address to = Address.Parse("0x000000000000000000000000000000000000aaaa");

        byte[] encoded = account.SignTransaction(
            new Eip1559Transaction(7822, nonce, new Wei(tip), new Wei(fee), gasLimit, to, new Wei(value), default));

        Assert.Equal(expected, Hex.Encode(encoded));
    }

    [RequiresTheory("node", "npm")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SignTransaction_CallAndDeployment_AgreesWithCast(bool isCall)
    {
        PrivateKeyAccount account = PrivateKeyAccount.Parse(DevKey);
        byte[] data = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];
        Eip1559Transaction transaction = new(
            31337, 0, Wei.Zero, new Wei(3_000_000_007), 1_000_000,
            isCall ? account.Address : null, Wei.FromEther("1.5"), data);

        string expected = await Cast.RunAsync(
        [
            "mktx", "--private-key", DevKey, "--chain", "31337", "--nonce", "0", "--gas-limit", "1000000",
            "--gas-price", "3000000007", "--priority-gas-price", "0", "--value", "1500000000000000000",
            .. isCall ? new[] { account.Address.ToString(), Hex.Encode(data) } : ["--create", Hex.Encode(data)],
        ]);

        Assert.Equal(expected, Hex.Encode(account.SignTransaction(transaction)));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")]
    [InlineData("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff")]
    [InlineData("not a key")]
    public void Parse_NoPrivateKey_ThrowsWithoutRepeatingIt(string text) =>
        Assert.DoesNotContain(
            text,
            Assert.Throws<FormatException>(() => PrivateKeyAccount.Parse(text)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void FromEnvironment_SetAndUnset_ReadsOrSaysWhatToSet()
    {
        string variable = $"RESEARCH_TEST_{Guid.NewGuid():N}";

        Assert.Contains(
            variable,
            Assert.Throws<InvalidOperationException>(() => PrivateKeyAccount.FromEnvironment(variable)).Message,
            StringComparison.Ordinal);
        Environment.SetEnvironmentVariable(variable, DevKey);
        Assert.Equal(
            "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", PrivateKeyAccount.FromEnvironment(variable).ToString());
        Environment.SetEnvironmentVariable(variable, null);
    }

    [Fact]
    public void Account_EverythingPublic_NeverShowsTheKey()
    {
        PrivateKeyAccount account = PrivateKeyAccount.Parse(DevKey);
        StringBuilder shown = new(account.ToString());
        foreach (PropertyInfo property in typeof(PrivateKeyAccount).GetProperties())
        {
            shown.Append(CultureInfo.InvariantCulture, $"{property.GetValue(account)} ");
        }

        Assert.DoesNotContain(DevKey[2..], shown.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(typeof(PrivateKeyAccount).GetFields());
    }

    [Fact]
    public void Generate_Twice_GivesDifferentAccounts() =>
        Assert.NotEqual(PrivateKeyAccount.Generate().Address, PrivateKeyAccount.Generate().Address);
}
