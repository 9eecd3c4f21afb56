using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Research.Chain.Wallets;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Wallets;

public sealed class KeystoreTests : IDisposable
{
    private const string Key = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";
    private const string KeyAddress = "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23"; // web3.js's documentation has the pair.

    private static readonly KeyDerivation Fast = new ScryptDerivation(2, 8, 1);

    private readonly string _folder = Directory.CreateTempSubdirectory("research-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Oracle: go-ethereum, accounts/keystore/testdata/v3_test_vector.json; the first two are the specification's own,
    // and the last two were written by wallets that left out leading zeros.
    [Theory]
    [InlineData(
        "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d", "testpassword",
        """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
        "ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt",
        "kdfparams":{"dklen":32,"n":262144,"r":1,"p":8,
        "salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
        "mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},
        "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """)]
    [InlineData(
        "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d", "testpassword",
        """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
        "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256",
        "salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
        "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """)]
    [InlineData(
        "00fa7b3db73dc7dfdf8c5fbdb796d741e4488628c41fc4febd9160a866ba0f35", "foo",
        """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"e0c41130a323adc1446fc82f724bca2f"},
        "ciphertext":"9517cd5bdbe69076f9bf5057248c6c050141e970efa36ce53692d5d59a3984","kdf":"scrypt",
        "kdfparams":{"dklen":32,"n":2,"r":8,"p":1,
        "salt":"711f816911c92d649fb4c84b047915679933555030b3552c1212609b38208c63"},
        "mac":"d5e116151c6aa71470e67a7d42c9620c75c4d23229847dcc127794f0732b0db5"},
        "id":"fecfc4ce-e956-48fd-953b-30f8b52ed66c","version":3}
        """)]
    [InlineData(
        "000081c29e8142bb6a81bef5a92bda7a8328a5c85bb2f9542e76f9b0f94fc018", "foo",
        """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"3ca92af36ad7c2cd92454c59cea5ef00"},
        "ciphertext":"108b7d34f3442fc26ab1ab90ca91476ba6bfa8c00975a49ef9051dc675aa","kdf":"scrypt",
        "kdfparams":{"dklen":32,"n":2,"r":8,"p":1,
        "salt":"d0769e608fb86cda848065642a9c6fa046845c928175662b8e356c77f914cd3b"},
        "mac":"75d0e6759f7b3cefa319c3be41680ab6beea7d8328653474bd06706d4cc67420"},
        "id":"a37e1559-5955-450d-8075-7b8931b392b2","version":3}
        """)]
    public void Decrypt_PublishedVectors_GivesTheirKeys(string key, string passphrase, string json)
    {
        Keystore keystore = Keystore.Parse(Encoding.UTF8.GetBytes(json));

        Assert.Null(keystore.Address);
        Assert.Equal(key, Convert.ToHexStringLower(keystore.Decrypt(Encoding.UTF8.GetBytes(passphrase))));
    }

    [Fact]
    public void Encrypt_ThenOpen_IsTheSameAccountAndNamesIt()
    {
        byte[] passphrase = "pässword 🔑"u8.ToArray();

        foreach (KeyDerivation derivation in (KeyDerivation[])[Fast, new Pbkdf2Derivation(10)])
        {
            Keystore written = Keystore.Encrypt(Convert.FromHexString(Key), passphrase, derivation);
            Keystore read = Keystore.Parse(written.ToJson());

            Assert.Equal(derivation, read.Derivation);
            Assert.Equal(KeyAddress, read.Address!.Value.ToString());
            Assert.Equal(KeyAddress, read.Open(passphrase).Address.ToString());
            Assert.DoesNotContain(Key, Encoding.UTF8.GetString(written.ToJson()), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Encrypt_Twice_SharesNoSalt() => Assert.NotEqual(
        Crypto(Small())["kdfparams"]!["salt"]!.ToString(), Crypto(Small())["kdfparams"]!["salt"]!.ToString());

    [Fact]
    public void Encrypt_ByDefault_IsGethsStandardStrength() =>
        Assert.Equal(new ScryptDerivation(262_144, 8, 1), KeyDerivation.Standard);

    [Fact]
    public void Encrypt_NoPassphraseOrNoKey_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Keystore.Encrypt(Convert.FromHexString(Key), [], Fast));
        Assert.Throws<ArgumentException>(() => Keystore.Encrypt(new byte[32], "p"u8, Fast));
        Assert.Throws<ArgumentException>(() => Keystore.Encrypt(new byte[31], "p"u8, Fast));
    }

    [Fact]
    public void Open_WrongPassphrase_IsOneLine()
    {
        WalletException refused = Assert.Throws<WalletException>(() => Keystore.Parse(Small()).Open("wrong"u8));

        Assert.StartsWith("The passphrase is wrong", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Open_FileNamesAnotherAddress_SaysBoth()
    {
        JsonNode json = JsonNode.Parse(Small())!;
        json["address"] = "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";

        WalletException refused = Assert.Throws<WalletException>(() => Parse(json).Open("p"u8));

        Assert.Contains("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", refused.Message, StringComparison.Ordinal);
        Assert.Contains(KeyAddress, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version", "2", "version: expected 3, got 2")]
    [InlineData("version", "\"3\"", "version: expected a whole number")]
    [InlineData("address", "\"0x12\"", "address: Expected an address")]
    [InlineData("crypto", "[]", "crypto: expected an object, got a list")]
    [InlineData("crypto.cipher", "\"aes-256-gcm\"", "crypto.cipher: expected aes-128-ctr, got \"aes-256-gcm\"")]
    [InlineData("crypto.cipherparams.iv", "\"00\"", "crypto.cipherparams.iv: expected 16 bytes in hex digits, got 2")]
    [InlineData("crypto.ciphertext", "\"\"", "crypto.ciphertext: expected 1 to 32 bytes")]
    [InlineData("crypto.ciphertext", "\"zz\"", "crypto.ciphertext: expected hex digits only")]
    [InlineData("crypto.mac", "null", "crypto.mac: is missing")]
    [InlineData("crypto.kdf", "\"argon2id\"", "crypto.kdf: expected scrypt or pbkdf2, got \"argon2id\"")]
    [InlineData("crypto.kdf", "\"pbkdf2\"", "crypto.kdfparams.prf: is missing")]
    [InlineData("crypto.kdfparams.dklen", "64", "crypto.kdfparams.dklen: expected 32, got 64")]
    [InlineData("crypto.kdfparams.n", "3", "crypto.kdfparams.n: expected a power of two, got 3")]
    [InlineData("crypto.kdfparams.n", "1", "crypto.kdfparams.n: expected a whole number from 2 to 4194304, got 1")]
    [InlineData("crypto.kdfparams.n", "1073741824", "crypto.kdfparams.n: expected a whole number from 2 to 4194304")]
    [InlineData("crypto.kdfparams.n", "1e3", "crypto.kdfparams.n: expected a whole number of 32 bits")]
    [InlineData("crypto.kdfparams.n", "1048576", "expected n · r · p of at most 4194304 (512 MiB), got 8388608")]
    [InlineData("crypto.kdfparams.r", "65", "crypto.kdfparams.r: expected a whole number from 1 to 64, got 65")]
    [InlineData("crypto.kdfparams.p", "0", "crypto.kdfparams.p: expected a whole number from 1 to 64, got 0")]
    [InlineData("crypto.kdfparams.salt", "\"\"", "crypto.kdfparams.salt: expected 1 to 128 bytes")]
    public void Parse_FieldIsWrong_NamesItWithExpectedAndActual(string path, string value, string message)
    {
        JsonNode json = JsonNode.Parse(Small())!;
        string[] names = path.Split('.');
        names[..^1].Aggregate(json, (node, name) => node[name]!)[names[^1]] = JsonNode.Parse(value);

        Assert.Contains(
            message, Assert.Throws<WalletException>(() => Parse(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_IterationsOfPbkdf2_AreBounded()
    {
        JsonNode json = JsonNode.Parse(Keystore.Encrypt(
            Convert.FromHexString(Key), "p"u8, new Pbkdf2Derivation(2)).ToJson())!;
        json["crypto"]!["kdfparams"]!["c"] = int.MaxValue;

        Assert.Contains(
            "crypto.kdfparams.c", Assert.Throws<WalletException>(() => Parse(json)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"version\":3,\"version\":3}")]
    [InlineData("{\"version\":3,\"a\":[[[[[[[[[[]]]]]]]]]]}")]
    [InlineData("{\"version\":3")]
    public void Parse_NoKeystore_IsRefused(string text) =>
        Assert.Throws<WalletException>(() => Keystore.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Parse_TooLong_IsRefusedByItsLength() => Assert.Contains(
        "at most 65536 bytes",
        Assert.Throws<WalletException>(() => Keystore.Parse(new byte[1 << 20])).Message,
        StringComparison.Ordinal);

    // Bounds are checked before a derivation runs: no change of a file makes it take long, or fail in another way.
    [Fact]
    public void ParseAndOpen_MutatedFiles_GiveOnlyTheDocumentedExceptionInTime()
    {
        Random random = new(4711);
        byte[] file = Small();
        TimeSpan longest = TimeSpan.Zero;
        int opened = 0;
        for (int i = 0; i < 4_000; i++)
        {
            byte[] mutated = Mutate(file, random);
            Stopwatch watch = Stopwatch.StartNew();
            try
            {
                Keystore.Parse(mutated).Open("p"u8);
                opened++;
            }
            catch (WalletException)
            {
            }

            longest = watch.Elapsed > longest ? watch.Elapsed : longest;
        }

        Assert.InRange(opened, 0, 2_000); // Changes of an id or of letter case matter to nobody.
        Assert.True(longest < TimeSpan.FromSeconds(10), longest.ToString());
    }

    [RequiresFact("node", "npm")]
    public async Task Open_FileOfCast_IsItsAccount()
    {
        await Cast.RunAsync(
            "wallet", "import", "theirs", "--keystore-dir", _folder, "--private-key", Key, "--unsafe-password", "pass word");

        Keystore keystore = Keystore.Parse(File.ReadAllBytes(Path.Combine(_folder, "theirs")));

        Assert.Null(keystore.Address);
        Assert.Equal(KeyAddress, keystore.Open("pass word"u8).Address.ToString());
    }

    [RequiresFact("node", "npm")]
    public async Task CastOpens_FilesOfBothDerivations()
    {
        foreach (KeyDerivation derivation in (KeyDerivation[])[new ScryptDerivation(8192, 8, 1), new Pbkdf2Derivation(1000)])
        {
            Keystore keystore = Keystore.Encrypt(Convert.FromHexString(Key), "pass word"u8, derivation);
            File.WriteAllBytes(Path.Combine(_folder, "ours"), keystore.ToJson());

            string key = await Cast.RunAsync(
                "wallet", "decrypt-keystore", "ours", "--keystore-dir", _folder, "--unsafe-password", "pass word");
            string address = await Cast.RunAsync(
                "wallet", "address", "--keystore", Path.Combine(_folder, "ours"), "--password", "pass word");

            Assert.EndsWith("0x" + Key, key, StringComparison.Ordinal);
            Assert.Equal(KeyAddress, address);
        }
    }

    private static byte[] Small() => Keystore.Encrypt(Convert.FromHexString(Key), "p"u8, Fast).ToJson();

    private static JsonNode Crypto(byte[] file) => JsonNode.Parse(file)!["crypto"]!;

    private static Keystore Parse(JsonNode json) => Keystore.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static byte[] Mutate(byte[] file, Random random)
    {
        List<byte> bytes = [.. file];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 3: // A number's digits grow.
                    int digit = bytes.FindIndex(at, one => char.IsAsciiDigit((char)one));
                    bytes.Insert(Math.Max(digit, 0), (byte)('0' + random.Next(10)));
                    break;
                default:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
            }

            if (bytes.Count == 0)
            {
                break;
            }
        }

        return [.. bytes];
    }
}
