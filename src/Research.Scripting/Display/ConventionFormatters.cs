using System.Collections;
using System.Runtime.CompilerServices;

namespace Research.Scripting.Display;

/// <summary>Finds what mime types a type offers through .NET Interactive's convention-based formatter source.</summary>
/// <remarks>
/// The convention (Microsoft.DotNet.Interactive.Formatting's Formatter): an attribute named
/// <c>TypeFormatterSourceAttribute</c>, of any namespace, has a <c>FormatterSourceType</c>, whose
/// <c>CreateTypeFormatters()</c> yields objects with <c>MimeType</c> and <c>Format(object, TextWriter)</c>. The package
/// shows one mime type of such a type unless <c>PreferredMimeTypes</c> is set; then a bundle should hold all of them.
/// Where it is set, the type has chosen, and the package heeds it.
/// </remarks>
internal sealed class ConventionFormatters
{
    private static readonly ConditionalWeakTable<Type, ConventionFormatters> Known = [];

    private ConventionFormatters(Type type)
    {
        List<string> offered = [];
        List<string> added = [];
        foreach (object attribute in type.GetCustomAttributes(inherit: true))
        {
            if (attribute.GetType().Name == "TypeFormatterSourceAttribute" && ReadSource(attribute) is { } formatters)
            {
                string[] mimeTypes = [.. formatters.Cast<object>().Select(
                    formatter => Property<string>(formatter, "MimeType")).OfType<string>()];
                offered.AddRange(mimeTypes);
                added.AddRange(Property<string[]>(attribute, "PreferredMimeTypes") is { Length: > 0 } ? [] : mimeTypes);
            }
        }

        Offered = [.. offered.Distinct()];
        Added = [.. added.Distinct()];
    }

    /// <summary>Gets the mime types for which the type brings a formatter.</summary>
    public IReadOnlyList<string> Offered { get; }

    /// <summary>Gets the mime types that a bundle adds to those which the package prefers.</summary>
    public IReadOnlyList<string> Added { get; }

    public static ConventionFormatters Of(Type type) =>
        Known.GetValue(type, static type => new ConventionFormatters(type));

    private static IEnumerable? ReadSource(object attribute) =>
        Property<Type>(attribute, "FormatterSourceType") is { } source &&
        source.GetMethod("CreateTypeFormatters", [])?.Invoke(
            Activator.CreateInstance(source, nonPublic: true), null) is IEnumerable formatters ? formatters : null;

    private static T? Property<T>(object instance, string name)
        where T : class => instance.GetType().GetProperty(name)?.GetValue(instance) as T;
}
