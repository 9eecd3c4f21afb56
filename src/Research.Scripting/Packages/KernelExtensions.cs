namespace Research.Scripting.Packages;

/// <summary>What is said of packages that extend .NET Interactive's kernel, which is not the one that runs here.</summary>
internal static class KernelExtensions
{
    /// <summary>The folder in which a package keeps its extension.</summary>
    public const string Folder = "interactive-extensions/dotnet/";

    // What the cells of such a package expect, and what does it here.
    private static readonly Dictionary<string, string> Instead = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Plotly.NET.Interactive"] = "charts of Plotly.NET are shown by themselves",
        ["Microsoft.Data.Analysis"] = "a DataFrame is shown as a table by itself",
        ["SkiaSharp"] = "an SKImage or SKBitmap is shown as a picture by itself",
    };

    /// <summary>Says in one line that a package's extension was not loaded.</summary>
    public static string Note(RestoredPackage package) =>
        $"{package.Id} {package.Version} has an extension of .NET Interactive's kernel, which is not loaded in this one" +
        (Instead.TryGetValue(package.Id, out string? instead) ? $": {instead}." : "; its types can be used as they are.");
}
