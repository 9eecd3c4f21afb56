using System.Reflection;
using System.Runtime.CompilerServices;

namespace Research.Interactive.Secrecy;

/// <summary>Knows the types of Nethereum and NBitcoin whose values are keys, or carry one: they show their type and
/// their address.</summary>
/// <remarks>By name, because a cell's package need not be the copy that this library loaded.</remarks>
internal static class SecretTypes
{
    private const string Account = "Nethereum.RPC.Accounts.IAccount";
    private const string Web3 = "Nethereum.Web3.IWeb3";
    private const string EthereumKey = "Nethereum.Signer.EthECKey";

    private static readonly ConditionalWeakTable<Type, Known> Types = [];

    /// <summary>Gets the full names of classes and interfaces; what derives from one is known too.</summary>
    public static IReadOnlySet<string> Names { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        Account,
        Web3,
        EthereumKey,
        "Nethereum.Signer.Crypto.ECKey",
        "Nethereum.Accounts.Bip32.MinimalHDWallet",
        "Nethereum.HdWallet.Wallet",
        "Nethereum.JsonRpc.Client.UserAuthentication+BasicAuthenticationUserInfo",
        "NBitcoin.Key",
        "NBitcoin.ExtKey",
        "NBitcoin.ISecret",
        "NBitcoin.Mnemonic",
        "NBitcoin.KeyPair",
        "NBitcoin.BitcoinSecret",
        "NBitcoin.BitcoinExtKey",
        "NBitcoin.DecryptionResult",
        "NBitcoin.EncryptedKeyResult",
        "NBitcoin.RPC.RPCCredentialString",
        "NBitcoin.Secp256k1.ECPrivKey",
        "NBitcoin.WalletPolicies.MiniscriptNode+Value+PrivateKeyValue",
        "NBitcoin.WalletPolicies.MiniscriptNode+Value+HDKeyValue",
        "Org.BouncyCastle.Crypto.Parameters.ECPrivateKeyParameters",
    };

    /// <summary>Tells whether values of a type are shown by <see cref="TextOf"/> alone.</summary>
    public static bool IsKnown(Type type) => NameOf(type) is not null;

    /// <summary>Gets all that is shown of a value; null for one that is no secret.</summary>
    public static string? TextOf(object value)
    {
        if (NameOf(value.GetType()) is not { } known)
        {
            return null;
        }

        string type = value.GetType().Name;
        return AddressOf(value, known) is { } address
            ? $"{type} {address} {SecretMembers.Shown}"
            : $"{type} {SecretMembers.Shown}";
    }

    private static string? NameOf(Type type) => Types.GetValue(type, static type => new Known(Find(type))).Name;

    private static string? Find(Type type)
    {
        for (Type? one = type; one is not null; one = one.BaseType)
        {
            if (one.FullName is { } name && Names.Contains(name))
            {
                return name;
            }
        }

        return type.GetInterfaces().Select(face => face.FullName).FirstOrDefault(
            name => name is not null && Names.Contains(name));
    }

    private static string? AddressOf(object value, string known)
    {
        try
        {
            return known switch
            {
                Account => Read(value, Account, "Address") as string,
                Web3 => Read(value, Web3, "TransactionManager") is { } sender
                    && Read(sender, "Nethereum.RPC.TransactionManagers.ITransactionManager", "Account") is { } account
                    ? Read(account, Account, "Address") as string
                    : null,
                EthereumKey => value.GetType().GetMethod("GetPublicAddress", [])?.Invoke(value, null) as string,
                _ => null,
            };
        }
        catch (Exception e) when (e is TargetInvocationException or AmbiguousMatchException)
        {
            return null; // A getter of theirs that throws: the type's name is enough.
        }
    }

    private static object? Read(object value, string face, string property) => Array.Find(
        value.GetType().GetInterfaces(), one => one.FullName == face)?.GetProperty(property)?.GetValue(value);

    private sealed record Known(string? Name);
}
