using System.Security.Cryptography;
using System.Text;

namespace Research.Scripting.Notebooks.Html;

/// <summary>What every page carries with it.</summary>
internal static class HtmlAsset
{
    private static readonly Lazy<string> StyleText = new(() => Own("notebook.css"));
    private static readonly Lazy<string> ScriptText = new(() => Own("notebook.js"));
    private static readonly Lazy<string> KatexText = new(() => Own("katex.min.js"));
    private static readonly Lazy<string> PlotlyText = new(
        () => Read(typeof(Plotting.Figure).Assembly, "Research.Plotting.plotly-basic.min.js"));

    public static string Style => StyleText.Value;

    public static string Script => ScriptText.Value;

    /// <summary>Gets KaTeX 0.19.1, which sets mathematics as MathML; MIT licence, in katex.LICENSE.</summary>
    public static string Katex => KatexText.Value;

    /// <summary>Gets the plotly.js that Research.Core carries: scatter, bar and pie.</summary>
    public static string Plotly => PlotlyText.Value;

    /// <summary>Gets a script's place in a content security policy.</summary>
    public static string Fingerprint(string script) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";

    private static string Own(string name) => Read(typeof(HtmlAsset).Assembly, $"Research.Scripting.Html.{name}");

    private static string Read(System.Reflection.Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"Expected the resource {name} in {assembly.GetName().Name}.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
