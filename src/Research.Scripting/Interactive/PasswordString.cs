#pragma warning disable IDE0130 // The namespace is .NET Interactive's, so that its notebooks run unchanged.
namespace Microsoft.DotNet.Interactive;
#pragma warning restore IDE0130

/// <summary>A secret that a user typed; it shows as asterisks wherever it is displayed.</summary>
/// <param name="value">The secret.</param>
public sealed class PasswordString(string value)
{
    private readonly string _value = value ?? throw new ArgumentNullException(nameof(value));

    /// <summary>Gets the secret itself.</summary>
    public string GetClearTextPassword() => _value;

    /// <summary>Gets asterisks.</summary>
    public override string ToString() => "********";
}
