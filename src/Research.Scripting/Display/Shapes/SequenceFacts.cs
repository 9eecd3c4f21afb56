using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Formatting;

namespace Research.Scripting.Display.Shapes;

/// <summary>What is known of a sequence without running it.</summary>
internal sealed class SequenceFacts
{
    private static readonly ConditionalWeakTable<Type, SequenceFacts> Known = [];

    private static readonly MethodInfo Counter =
        typeof(SequenceFacts).GetMethod(nameof(CountOfItems), BindingFlags.Static | BindingFlags.NonPublic)!;

    private readonly bool _isDictionary;
    private readonly bool _isStored;
    private readonly Func<int> _limit;
    private readonly Func<object, int?> _count;

    private SequenceFacts(Type type)
    {
        Type[] generic = [.. type.GetInterfaces().Append(type).Where(face => face.IsInterface && face.IsGenericType)];
        _isDictionary = typeof(IDictionary).IsAssignableFrom(type) || generic.Any(face =>
            face.GetGenericTypeDefinition() == typeof(IDictionary<,>) ||
            face.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>));
        _isStored = typeof(ICollection).IsAssignableFrom(type) || generic.Any(face =>
            face.GetGenericTypeDefinition() == typeof(ICollection<>) ||
            face.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>));
        Type? item = generic.FirstOrDefault(face => face.GetGenericTypeDefinition() == typeof(IEnumerable<>) &&
            !face.GetGenericArguments()[0].IsByRefLike)?.GetGenericArguments()[0];
        _limit = item is null ? static () => Formatter.ListExpansionLimit : typeof(Formatter<>).MakeGenericType(item)
            .GetProperty(nameof(Formatter.ListExpansionLimit))!.GetMethod!.CreateDelegate<Func<int>>();
        _count = item is null
            ? static sequence => (sequence as ICollection)?.Count
            : Counter.MakeGenericMethod(item).CreateDelegate<Func<object, int?>>();
    }

    public static bool IsDictionary(Type type) => Of(type)._isDictionary;

    /// <summary>Tells whether the items exist already, so that looking at them runs nobody's code.</summary>
    public static bool IsStored(object sequence) => Of(sequence.GetType())._isStored;

    /// <summary>Gets how many items are shown: <c>Formatter&lt;T&gt;.ListExpansionLimit</c>.</summary>
    public static int LimitOf(Type type) => Of(type)._limit();

    /// <summary>Gets the number of items, or null where only running the sequence would tell.</summary>
    public static int? CountOf(IEnumerable sequence)
    {
        try
        {
            return Of(sequence.GetType())._count(sequence);
        }
        catch (Exception) // The user's Count: then the number is not known.
        {
            return null;
        }
    }

    private static SequenceFacts Of(Type type) => Known.GetValue(type, static type => new SequenceFacts(type));

    private static int? CountOfItems<T>(object sequence) => sequence is IReadOnlyCollection<T> collection
        ? collection.Count
        : ((IEnumerable<T>)sequence).TryGetNonEnumeratedCount(out int count) ? count : null;
}
