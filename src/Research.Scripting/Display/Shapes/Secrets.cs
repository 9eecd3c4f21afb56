using System.Net;
using System.Reflection;
using System.Security.Cryptography;

namespace Research.Scripting.Display.Shapes;

/// <summary>Knows the framework's members that hold secrets: an output is stored, and shared.</summary>
/// <remarks>Reading some of them is more than looking, too: <c>SymmetricAlgorithm.Key</c> makes a key.</remarks>
internal static class Secrets
{
    public const string Shown = "(secret)";

    private static readonly (Type Type, string[] Members)[] Known =
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

    /// <summary>Tells whether a member's value is not shown.</summary>
    public static bool Has(MemberInfo member) => Array.Exists(Known, known =>
        member.DeclaringType is { } declaring && known.Type.IsAssignableFrom(declaring) &&
        known.Members.Contains(member.Name));
}
