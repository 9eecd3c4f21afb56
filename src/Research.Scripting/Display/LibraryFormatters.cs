using Microsoft.DotNet.Interactive.Formatting;
using Research.Interactive.Formatters;
using Research.Plotting;

namespace Research.Scripting.Display;

/// <summary>How the library's values look in this host: as in every other, but for a figure.</summary>
internal static class LibraryFormatters
{
    /// <summary>Registers them; called after <c>Formatter.ResetToDefault</c>.</summary>
    public static void Register()
    {
        ValueFormatters.Register();

        // Looked up once first: that is when the package takes over the type's own choice, which would come before ours.
        _ = Formatter.GetPreferredMimeTypesFor(typeof(Figure));
        Formatter.SetPreferredMimeTypesFor(
            typeof(Figure), "application/vnd.plotly.v1+json", "image/svg+xml", RegisteredFormatters.Plain);
    }
}
