using System.Globalization;
using System.Linq.Expressions;
using System.Net;
using System.Numerics;
using System.Reflection;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Research.Scripting.Display.Shapes;

/// <summary>Knows which values have no parts worth showing, and how each is written.</summary>
internal static class ScalarText
{
    // Its digits take time that grows faster than their number.
    private const long MaximumBits = 1 << 22;

    private static readonly HashSet<Type> Scalars =
    [
        typeof(decimal), typeof(BigInteger), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly),
        typeof(TimeOnly), typeof(TimeSpan), typeof(Half), typeof(Int128), typeof(UInt128), typeof(Complex),
        typeof(Version), typeof(Uri), typeof(Index), typeof(Range), typeof(Rune), typeof(StringBuilder),
        typeof(CancellationToken), typeof(IPAddress), typeof(CultureInfo), typeof(DBNull),
    ];

    private static readonly Type[] Texts =
    [
        typeof(MemberInfo), typeof(ParameterInfo), typeof(Delegate), typeof(Task), typeof(Exception), typeof(Assembly),
        typeof(Module), typeof(Expression), typeof(TextReader), typeof(TextWriter), typeof(XObject), typeof(XmlNode),
        typeof(XmlReader), typeof(XmlWriter),
    ];

    /// <summary>Tells whether a type's values are one word or number: no table goes around them.</summary>
    public static bool IsScalar(Type type) =>
        type.IsPrimitive || type.IsEnum || Scalars.Contains(type) ||
        (type.IsValueType && typeof(ISpanFormattable).IsAssignableFrom(type));

    /// <summary>Tells whether a type's values are shown as one text although they have members.</summary>
    /// <remarks>Readers are only named: asked for a member (<c>EndOfStream</c>), they read on.</remarks>
    public static bool IsText(Type type) =>
        IsScalar(type) || type == typeof(string) || Array.Exists(Texts, text => text.IsAssignableFrom(type)) ||
        IsValueTask(type) || IsAsyncSequence(type) || IsTree(type);

    public static bool IsNumber(Type type) =>
        (type.IsPrimitive && type != typeof(bool) && type != typeof(char)) || type == typeof(decimal) ||
        type == typeof(BigInteger) || type == typeof(Half) || type == typeof(Int128) || type == typeof(UInt128);

    /// <summary>Writes a value for which <see cref="IsText"/> holds.</summary>
    /// <returns>The text, or as much of its start as is ever shown, and the whole text's length.</returns>
    public static (string Text, long Length) Of(object value)
    {
        string text;
        switch (value)
        {
            case StringBuilder builder:
                return (builder.ToString(0, Math.Min(builder.Length, ShapeBudget.MaximumText)), builder.Length);
            case StringWriter writer:
                return Of(writer.GetStringBuilder());
            case string known:
                text = known;
                break;
            default:
                // No text says nothing; the name at least says what it is.
                text = Write(value) is { Length: > 0 } written ? written : TypeNames.Of(value.GetType());
                break;
        }

        return (text, text.Length);
    }

    private static string? Write(object value) => value switch
    {
        Type type => NameOf(type),
        DateTime time => time.ToString("u", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("u", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("O", CultureInfo.InvariantCulture),
        DBNull => "DBNull",
        CultureInfo { Name: "" } => "(invariant culture)",
        BigInteger number when number.GetBitLength() is > MaximumBits and var bits =>
            string.Create(CultureInfo.InvariantCulture, $"(BigInteger of {bits:N0} bits)"),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        Delegate or TextReader or TextWriter or XmlReader or XmlWriter => TypeNames.Of(value.GetType()),
        Task task => $"{TaskName(task.GetType())} ({task.Status}; not awaited)",
        XmlNode node => node.OuterXml,
        _ when IsValueTask(value.GetType()) => $"{TypeNames.Of(value.GetType())} (not awaited)",
        _ when IsAsyncSequence(value.GetType()) =>
            $"{TypeNames.Of(value.GetType())} (not enumerated; use await foreach)",
        _ => value.ToString(),
    };

    // A tree of nodes of one kind (Newtonsoft's JToken) is its own text: as a sequence its parts would lose what they
    // are called.
    private static bool IsTree(Type type) => MemberTable.Of(type).IsDescribed && Array.Exists(
        type.GetInterfaces(),
        face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>) &&
            face.GetGenericArguments()[0] is var item && item != typeof(object) &&
            !item.IsValueType && item.IsAssignableFrom(type));

    private static bool IsValueTask(Type type) =>
        type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));

    private static bool IsAsyncSequence(Type type) => Array.Exists(
        type.GetInterfaces(),
        face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));

    // With namespaces, as the formatting package writes them.
    private static string NameOf(Type type)
    {
        StringBuilder name = new();
        AppendName(name, type);
        return name.ToString();
    }

    private static void AppendName(StringBuilder name, Type type)
    {
        if (name.Length > ShapeBudget.MaximumText)
        {
            return;
        }

        if (!type.IsGenericType || type.IsArray)
        {
            name.Append(TypeNames.IsAnonymous(type) ? "(anonymous)" : type.FullName ?? type.Name);
            return;
        }

        string full = type.GetGenericTypeDefinition().FullName ?? type.Name;
        name.Append(full.AsSpan(0, full.IndexOf('`', StringComparison.Ordinal) is > 0 and var end ? end : full.Length));
        name.Append('<');
        Type[] arguments = type.GetGenericArguments();
        for (int i = 0; i < arguments.Length; i++)
        {
            name.Append(i > 0 ? "," : "");
            AppendName(name, arguments[i]);
        }

        name.Append('>');
    }

    // A running async method is an internal subclass of its task, with names that say nothing.
    private static string TaskName(Type type)
    {
        while (type.IsNotPublic || type.IsNested)
        {
            type = type.BaseType!;
        }

        return type.IsGenericType && type.GetGenericArguments()[0].Name == "VoidTaskResult"
            ? "Task"
            : TypeNames.Of(type);
    }
}
