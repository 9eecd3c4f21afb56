using System.Dynamic;
using System.Numerics;
using NBitcoin;
using Nethereum.Accounts.Bip32;
using Nethereum.Signer;
using Nethereum.Web3;
using Nethereum.Web3.Accounts.Managed;
using Research.Chain.Signing;
using Research.Chain.Wallets;

namespace Research.Tests.Tools;

/// <summary>Values that hold a private key, words or a passphrase, at any depth, and the texts that no output of them may
/// have.</summary>
internal static class KeyHolders
{
    public const string Key = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";
    public const string Words = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    public const string Password = "hunter2-of-the-node";

    private const string Address = "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23";

    /// <summary>Gets what must not be in an output, whatever was shown.</summary>
    public static string[] Hidden { get; } = MakeHidden();

    /// <summary>Makes a value of each type of others that holds one.</summary>
    public static IEnumerable<object> OfPackages()
    {
        byte[] bytes = Convert.FromHexString(Key);
        Key key = new(bytes);
        ExtKey extended = new(key, new byte[32]);
        yield return new Nethereum.Web3.Accounts.Account(Key);
        yield return new ManagedAccount(Address, Password);
        yield return new EthECKey(Key);
        yield return new MinimalHDWallet(Words, "");
        yield return new Web3(new Nethereum.Web3.Accounts.Account(Key), "http://127.0.0.1:9");
        yield return new Web3(new Nethereum.Web3.Accounts.Account(Key), "http://127.0.0.1:9").TransactionManager;
        yield return key;
        yield return extended;
        yield return key.GetWif(Network.Main);
        yield return extended.GetWif(Network.Main);
        yield return key.CreateKeyPair();
        yield return new Mnemonic(Words, Wordlist.English);
        yield return NBitcoin.Secp256k1.ECPrivKey.Create(bytes);
        yield return PrivateKeyAccount.Parse(Key);
        yield return MnemonicPhrase.Parse(Words);
        yield return Keystore.Encrypt(bytes, "p"u8, new ScryptDerivation(2, 8, 1));
    }

    /// <summary>Makes values of types that anybody could write.</summary>
    public static IEnumerable<object> OfUsers()
    {
        Nethereum.Web3.Accounts.Account account = new(Key);
        byte[] bytes = Convert.FromHexString(Key);
        yield return new Holder(Key, 7);
        yield return new Bytes(bytes, new BigInteger(bytes, isUnsigned: true, isBigEndian: true), Words.Split(' '));
        yield return new Talkative { OwnerPassphrase = Password };
        yield return new Nested("outer", new Holder(Key, 7), account);
        yield return new { account, Inner = new { PrivateKey = Key } };
        yield return new Failure { PrivateKey = Key, Data = { ["key"] = Key } };
        IDictionary<string, object?> expando = new ExpandoObject();
        expando["private_key"] = Key;
        yield return expando;
    }

    internal sealed record Holder(string PrivateKey, int Age);

    internal sealed record Nested(string Name, Holder Holder, Nethereum.Web3.Accounts.Account Account);

    internal sealed record Bytes(byte[] Seed, BigInteger SecretKey, string[] MnemonicWords);

    internal sealed class Talkative
    {
        public string OwnerPassphrase { get; init; } = "";

        public override string ToString() => $"I keep {OwnerPassphrase}";
    }

    internal sealed class Failure() : Exception("It failed.")
    {
        public string PrivateKey { get; init; } = "";
    }

    private static string[] MakeHidden()
    {
        byte[] bytes = Convert.FromHexString(Key);
        Key key = new(bytes);
        byte[] seed = new Mnemonic(Words, Wordlist.English).DeriveSeed();
        return
        [
            Key, Convert.ToBase64String(bytes), string.Join(", ", bytes.Take(6)), Key[..16],
            string.Join("", bytes.Take(4).Select(one => $"<span>{one}</span>")),
            new BigInteger(bytes, isUnsigned: true, isBigEndian: true).ToString(null, null),
            key.GetWif(Network.Main).ToString(), new ExtKey(key, new byte[32]).ToString(Network.Main),
            "winner thank", "winner, thank", "winner</", "sausage", Password,
            Convert.ToHexStringLower(seed)[..16], string.Join(", ", seed.Take(6)), Convert.ToBase64String(seed),
        ];
    }
}
