#pragma warning disable IDE0130 // The namespace is .NET Interactive's, so that its notebooks run unchanged.
namespace Microsoft.DotNet.Interactive;
#pragma warning restore IDE0130

/// <summary>LaTeX, shown typeset where the front end can:
/// <c>(LaTeXString)@"\begin{align} ... \end{align}"</c>.</summary>
/// <param name="latexCode">The LaTeX, with its own math delimiters or environment.</param>
public sealed class LaTeXString(string latexCode)
{
    private readonly string _code = latexCode ?? throw new ArgumentNullException(nameof(latexCode));

    /// <summary>Marks text as LaTeX.</summary>
    /// <param name="source">The LaTeX.</param>
    public static implicit operator LaTeXString(string source) => new(source);

    /// <summary>Gets the LaTeX.</summary>
    public override string ToString() => _code;
}
