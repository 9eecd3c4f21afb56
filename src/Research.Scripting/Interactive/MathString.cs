#pragma warning disable IDE0130 // The namespace is .NET Interactive's, so that its notebooks run unchanged.
namespace Microsoft.DotNet.Interactive;
#pragma warning restore IDE0130

/// <summary>A formula in LaTeX's math mode, shown typeset where the front end can:
/// <c>(MathString)@"\frac{1}{n}"</c>.</summary>
/// <param name="latexCode">The formula, without delimiters.</param>
public sealed class MathString(string latexCode)
{
    private readonly string _code = latexCode ?? throw new ArgumentNullException(nameof(latexCode));

    /// <summary>Marks text as a formula.</summary>
    /// <param name="source">The formula.</param>
    public static implicit operator MathString(string source) => new(source);

    /// <summary>Gets the formula between <c>$$</c>.</summary>
    public override string ToString() => $"$${_code}$$";
}
