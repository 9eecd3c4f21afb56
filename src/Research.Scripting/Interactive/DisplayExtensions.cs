using Microsoft.DotNet.Interactive.Formatting;
using Research.Scripting.Display.Shapes;
using Research.Scripting.Interactive;

#pragma warning disable IDE0130 // The namespace is .NET Interactive's, so that its notebooks run unchanged.
namespace Microsoft.DotNet.Interactive;
#pragma warning restore IDE0130

/// <summary>Shows values below the running cell, under .NET Interactive's names.</summary>
/// <remarks>The formatting package has methods of these names too. Its own return a handle whose id is not that of the
/// output (1.0.0-beta.26120.1), and format before they tell; cells do not see them (<c>HostReferences</c>).</remarks>
public static class DisplayExtensions
{
    /// <summary>Shows a value.</summary>
    /// <param name="value">The value; may be null.</param>
    /// <param name="mimeTypes">The mime types to show it in; none for those its type prefers.</param>
    /// <returns>A handle to replace the output later.</returns>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) =>
        DisplayedValues.Show(value, mimeTypes ?? []);

    /// <summary>Shows text that already is of a mime type.</summary>
    /// <param name="value">The text.</param>
    /// <param name="mimeType">Its mime type, for example <c>text/markdown</c> or <c>image/svg+xml</c>.</param>
    /// <returns>A handle to replace the output later, by text of the same type or by any value.</returns>
    /// <exception cref="ArgumentException">The mime type is empty, or a JSON mime type and the text is not
    /// JSON.</exception>
    public static DisplayedValue DisplayAs(this string value, string mimeType)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentException.ThrowIfNullOrWhiteSpace(mimeType);
        return DisplayedValues.ShowAs(value, mimeType);
    }

    /// <summary>Shows a sequence as a table, a row an item.</summary>
    /// <typeparam name="T">The items' type; its properties are the columns.</typeparam>
    /// <param name="value">The items.</param>
    /// <param name="mimeTypes">The mime types to show it in; none for those a table prefers.</param>
    /// <returns>A handle to replace the output later.</returns>
    public static DisplayedValue DisplayTable<T>(this IEnumerable<T>? value, params string[] mimeTypes) =>
        DisplayedValues.Show(value is null ? null : TableHead.Of(value), mimeTypes ?? []);
}
