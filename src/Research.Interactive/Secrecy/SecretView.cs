using System.Dynamic;
using System.Reflection;
using Microsoft.DotNet.Interactive.Formatting;
using Research.Interactive.Formatters;
using Research.Plotting;

namespace Research.Interactive.Secrecy;

/// <summary>Shows a value that has secret members by all its other ones; its own text is not asked for, since a record's
/// holds every member.</summary>
internal static class SecretView
{
    private const int MostMembers = 60;
    private const int MostDepth = 3;
    private const int MostText = 500;

    [ThreadStatic]
    private static int _depth;

    /// <summary>Gets how it looks; never throws.</summary>
    public static Appearance Of(object value)
    {
        if (SecretTypes.TextOf(value) is { } text)
        {
            return new Appearance($"<code>{PlainText.Escape(text)}</code>", text);
        }

        if (value is Exception failure)
        {
            string trace = failure.ToString(); // Data may hold anything under any name.
            return new Appearance($"<pre>{PlainText.Escape(trace)}</pre>", trace);
        }

        Card card = new(NameOf(value.GetType()));
        if (_depth < MostDepth) // A value may hold itself.
        {
            _depth++;
            try
            {
                card.Lines(LinesOf(value).Take(MostMembers));
            }
            finally
            {
                _depth--;
            }
        }

        return card.ToAppearance();
    }

    /// <summary>Gets a line.</summary>
    public static string Line(object value) => SecretTypes.TextOf(value) ?? NameOf(value.GetType());

    private static IEnumerable<(string Name, string Value)> LinesOf(object value) => value is ExpandoObject members
        ? members.Select(one => (
            one.Key,
            one.Value is not null && SecretMembers.HidesNamed(one.Key, one.Value.GetType())
                ? SecretMembers.Shown
                : Text(() => one.Value)))
        : MembersOf(value.GetType()).Select(member => (
            member.Name,
            SecretMembers.Hides(member) ? SecretMembers.Shown : Text(() => Read(member, value))));

    private static object? Read(MemberInfo member, object value) => member is PropertyInfo property
        ? property.GetValue(value)
        : ((FieldInfo)member).GetValue(value);

    private static IEnumerable<MemberInfo> MembersOf(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.Instance)
        .Where(member => member switch
        {
            PropertyInfo property => property.GetMethod is { IsPublic: true }
                && property.GetIndexParameters().Length == 0 && IsReadable(property.PropertyType),
            FieldInfo field => IsReadable(field.FieldType),
            _ => false,
        })
        .DistinctBy(member => member.Name);

    private static bool IsReadable(Type type) =>
        !type.IsByRef && !type.IsByRefLike && !type.IsPointer && !type.IsFunctionPointer;

    private static string Text(Func<object?> read)
    {
        try
        {
            object? part = read();
            string text = part is null ? "<null>" : part.ToDisplayString("text/plain");
            return text.Length <= MostText ? text : text[..MostText] + "…";
        }
        catch (Exception e) // Whatever a getter or a formatter throws.
        {
            return $"({(e as TargetInvocationException)?.InnerException?.GetType().Name ?? e.GetType().Name})";
        }
    }

    private static string NameOf(Type type) =>
        type.Name.StartsWith("<>", StringComparison.Ordinal) ? "(anonymous)" : type.Name.Split('`')[0];
}
