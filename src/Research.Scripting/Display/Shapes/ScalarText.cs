using System.Globalization;
using System.Net;
using System.Numerics;
using System.Reflection;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;

namespace Research.Scripting.Display.Shapes;

/// <summary>Knows which values have no parts worth showing, and how each is written.</summary>
internal static class ScalarText
{
    private static readonly HashSet<Type> Scalars =
    [
        typeof(decimal), typeof(BigInteger), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly),
        typeof(TimeOnly), typeof(TimeSpan), typeof(Half), typeof(Int128), typeof(UInt128), typeof(Complex),
        typeof(Version), typeof(Uri), typeof(Index), typeof(Range), typeof(Rune), typeof(StringBuilder),
        typeof(CancellationToken), typeof(IPAddress), typeof(CultureInfo), typeof(DBNull),
    ];

    /// <summary>Tells whether a type's values are one word or number: no table goes around them.</summary>
    public static bool IsScalar(Type type) =>
        type.IsPrimitive || type.IsEnum || Scalars.Contains(type) ||
        (type.IsValueType && typeof(ISpanFormattable).IsAssignableFrom(type));

    /// <summary>Tells whether a type's values are shown as one text although they have members.</summary>
    public static bool IsText(Type type) =>
        IsScalar(type) || type == typeof(string) || typeof(MemberInfo).IsAssignableFrom(type) ||
        typeof(Delegate).IsAssignableFrom(type) || typeof(Task).IsAssignableFrom(type) ||
        typeof(Exception).IsAssignableFrom(type) || typeof(Assembly).IsAssignableFrom(type) ||
        typeof(Module).IsAssignableFrom(type) || IsValueTask(type) || IsAsyncSequence(type);

    public static bool IsNumber(Type type) =>
        (type.IsPrimitive && type != typeof(bool) && type != typeof(char)) || type == typeof(decimal) ||
        type == typeof(BigInteger) || type == typeof(Half) || type == typeof(Int128) || type == typeof(UInt128);

    /// <summary>Writes a value for which <see cref="IsText"/> holds.</summary>
    public static string Of(object value) => value switch
    {
        string text => text,
        Type type => type.ToDisplayString("text/plain"),
        DateTime time => time.ToString("u", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("u", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("O", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        Delegate => TypeNames.Of(value.GetType()),
        Task task => $"{TaskName(task.GetType())} ({task.Status}; not awaited)",
        Exception exception => exception.ToString(),
        _ when IsValueTask(value.GetType()) => $"{TypeNames.Of(value.GetType())} (not awaited)",
        _ when IsAsyncSequence(value.GetType()) =>
            $"{TypeNames.Of(value.GetType())} (not enumerated; use await foreach)",
        _ => value.ToString() ?? "",
    };

    private static bool IsValueTask(Type type) =>
        type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));

    private static bool IsAsyncSequence(Type type) => Array.Exists(
        type.GetInterfaces(),
        face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));

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
