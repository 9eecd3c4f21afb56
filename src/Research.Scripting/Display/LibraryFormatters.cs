using Microsoft.DotNet.Interactive.Formatting;
using Research.Interactive.Formatters;
using Research.Plotting;

namespace Research.Scripting.Display;

/// <summary>How the library's values look in this host: as in every other, but for a figure.</summary>
internal static class LibraryFormatters
{
    private const string Plotly = "application/vnd.plotly.v1+json";

    /// <summary>Registers what is missing; called before each cell, since <c>Formatter.ResetToDefault</c> forgets
    /// it.</summary>
    public static void Register()
    {
        // Looked up first: that is when the package takes over the type's own choice, which would come before ours.
        if (ValueFormatters.Register() && Formatter.GetPreferredMimeTypesFor(typeof(Figure)) is { } own &&
            own.Order(StringComparer.Ordinal).SequenceEqual([RegisteredFormatters.Html, RegisteredFormatters.Plain]))
        {
            Formatter.SetPreferredMimeTypesFor(typeof(Figure), Plotly, "image/svg+xml", RegisteredFormatters.Plain);
        }
    }
}
