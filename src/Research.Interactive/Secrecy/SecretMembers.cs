using System.Net;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Research.Interactive.Secrecy;

/// <summary>Knows the members whose values no output shows: an output is stored, and shared.</summary>
/// <remarks>
/// By name, for any type: a name with <c>PrivateKey</c>, <c>Password</c>, <c>Mnemonic</c> and the like hides all that
/// could be one, so no flag, count or time; a name that often is harmless (<c>Seed</c>, <c>Secret</c>) hides text, bytes
/// and integers of any size only. By type, for the framework's: reading some of those is more than looking, too
/// (<c>SymmetricAlgorithm.Key</c> makes a key). Limits: a secret in a tuple, a list or a plain variable of another name,
/// or one that a cell writes itself, is what its author shows.
/// </remarks>
internal static class SecretMembers
{
    /// <summary>What stands in the place of a value.</summary>
    public const string Shown = "(secret, not shown)";

    /// <summary>The framework's types with secrets, and the members in question.</summary>
    public static readonly (Type Type, string[] Members)[] Framework =
    [
        (typeof(SymmetricAlgorithm), [nameof(SymmetricAlgorithm.Key)]),
        (typeof(KeyedHashAlgorithm), [nameof(KeyedHashAlgorithm.Key)]),
        (typeof(DeriveBytes), ["Password"]),
        (typeof(NetworkCredential), [nameof(NetworkCredential.Password), nameof(NetworkCredential.SecurePassword)]),
        (typeof(System.Diagnostics.ProcessStartInfo), ["Password", "PasswordInClearText"]),
        (typeof(RSAParameters), ["D", "DP", "DQ", "InverseQ", "P", "Q"]),
        (typeof(ECParameters), ["D"]),
        (typeof(DSAParameters), ["X"]),
    ];

    private static readonly string[] Telling =
    [
        "privatekey", "privkey", "secretkey", "mnemonic", "passphrase", "password", "seedphrase", "recoveryphrase",
        "apikey",
    ];

    private static readonly HashSet<string> Ambiguous = ["secret", "seed", "entropy", "wif", "xprv"];

    private static readonly Type[] Harmless =
    [
        typeof(bool), typeof(char), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int),
        typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double), typeof(decimal), typeof(DateTime),
        typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
    ];

    private static readonly Type[] Text =
    [
        typeof(string), typeof(byte[]), typeof(char[]), typeof(string[]), typeof(Memory<byte>),
        typeof(ReadOnlyMemory<byte>), typeof(ReadOnlyMemory<char>), typeof(BigInteger), typeof(UInt128),
    ];

    private static readonly ConditionalWeakTable<Type, object> HiddenOnes = [];

    /// <summary>Tells whether a member's value is not shown, nor read.</summary>
    public static bool Hides(MemberInfo member)
    {
        Type? type = (member as PropertyInfo)?.PropertyType ?? (member as FieldInfo)?.FieldType;
        return member.DeclaringType is { } declaring && type is not null
            && (HidesNamed(member.Name, type) || IsFrameworks(declaring, member.Name));
    }

    /// <summary>Tells whether something that is called so, of such a type, is not shown: a variable, a column, a
    /// member that came to be at run time.</summary>
    public static bool HidesNamed(string name, Type type)
    {
        if (name.Length > 200)
        {
            return false; // No name of a secret; a stranger's column may be of any length.
        }

        string plain = Plain(name);
        return Array.Exists(Telling, word => plain.Contains(word, StringComparison.Ordinal))
            ? !IsHarmless(type)
            : (Ambiguous.Contains(plain) || plain.EndsWith("secret", StringComparison.Ordinal))
                && Array.IndexOf(Text, type) >= 0;
    }

    /// <summary>Tells whether a type has such a member.</summary>
    public static bool AreIn(Type type) => HiddenOnes.GetValue(type, static type => type
        .GetMembers(BindingFlags.Public | BindingFlags.Instance)
        .Any(Hides)) is true;

    private static bool IsFrameworks(Type declaring, string name) => Array.Exists(
        Framework, known => known.Type.IsAssignableFrom(declaring) && known.Members.Contains(name));

    private static bool IsHarmless(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsEnum || Array.IndexOf(Harmless, plain) >= 0 || typeof(Delegate).IsAssignableFrom(plain)
            || typeof(MemberInfo).IsAssignableFrom(plain);
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal)
        .Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
}
