using System.Collections;
using System.Collections.Concurrent;

namespace Research.Scripting.Display;

/// <summary>Finds what mime types a type offers through .NET Interactive's convention-based formatter source.</summary>
/// <remarks>
/// The convention (Microsoft.DotNet.Interactive.Formatting's Formatter): an attribute named
/// <c>TypeFormatterSourceAttribute</c>, of any namespace, has a <c>FormatterSourceType</c>, whose
/// <c>CreateTypeFormatters()</c> yields objects with <c>MimeType</c> and <c>Format(object, TextWriter)</c>. The package
/// shows one mime type of such a type unless <c>PreferredMimeTypes</c> is set; then a bundle should hold all of them.
/// Where it is set, the type has chosen, and the package heeds it.
/// </remarks>
internal static class ConventionFormatters
{
    private static readonly ConcurrentDictionary<Type, string[]> Known = new();

    /// <summary>Gets the mime types that a bundle adds to those which the package prefers.</summary>
    public static IReadOnlyList<string> MimeTypesOf(Type type) => Known.GetOrAdd(type, Discover);

    private static string[] Discover(Type type)
    {
        List<string> mimeTypes = [];
        foreach (object attribute in type.GetCustomAttributes(inherit: true))
        {
            if (attribute.GetType().Name != "TypeFormatterSourceAttribute" ||
                attribute.GetType().GetProperty("FormatterSourceType")?.GetValue(attribute) is not Type sourceType ||
                sourceType.GetMethod("CreateTypeFormatters", [])?.Invoke(
                    Activator.CreateInstance(sourceType, nonPublic: true), null) is not IEnumerable formatters)
            {
                continue;
            }

            if (attribute.GetType().GetProperty("PreferredMimeTypes")?.GetValue(attribute) is string[] { Length: > 0 })
            {
                continue;
            }

            foreach (object formatter in formatters)
            {
                if (formatter.GetType().GetProperty("MimeType")?.GetValue(formatter) is string mimeType)
                {
                    mimeTypes.Add(mimeType);
                }
            }
        }

        return [.. mimeTypes.Distinct()];
    }
}
