using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;

namespace Research.Scripting.Intelligence.Inspection;

/// <summary>Says in a few words what a variable holds, without running any code of its type.</summary>
internal static class VariableValue
{
    private const int LongestText = 60;

    /// <summary>Gets the value in a few words, or null when nothing can be said without asking the object.</summary>
    public static string? Describe(object? value) => value switch
    {
        null => "null",
        string text => SymbolDisplay.FormatLiteral(
            text.Length > LongestText ? text[..LongestText] + "…" : text, quote: true),
        char character => SymbolDisplay.FormatLiteral(character, quote: true),
        bool truth => truth ? "true" : "false",
        Array array => $"{Name(array.GetType().GetElementType()!)}[{Lengths(array)}]",
        Enum or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan or Guid or decimal =>
            string.Create(CultureInfo.InvariantCulture, $"{value}"),
        ICollection collection when IsFrameworks(value) =>
            $"Count = {collection.Count.ToString(CultureInfo.InvariantCulture)}",
        _ when value.GetType().IsPrimitive => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        _ when IsFrameworks(value) && CountOf(value) is { } count =>
            $"Count = {count.ToString(CultureInfo.InvariantCulture)}",
        _ => null,
    };

    private static string Lengths(Array array) => string.Join(
        ", ",
        Enumerable.Range(0, array.Rank).Select(
            dimension => array.GetLength(dimension).ToString(CultureInfo.InvariantCulture)));

    // HashSet<T> and its like are no ICollection.
    private static int? CountOf(object value) =>
        value is IEnumerable && value.GetType().GetProperty("Count", typeof(int)) is { } count
            ? (int?)count.GetValue(value)
            : null;

    private static bool IsFrameworks(object value)
    {
        Assembly assembly = value.GetType().Assembly;
        return assembly == typeof(object).Assembly || assembly == typeof(HashSet<>).Assembly ||
            assembly == typeof(System.Collections.Concurrent.ConcurrentBag<>).Assembly ||
            assembly == typeof(System.Collections.Immutable.ImmutableArray).Assembly;
    }

    private static string Name(Type type) => type.IsGenericType ? type.Name.Split('`')[0] : type.Name;
}
