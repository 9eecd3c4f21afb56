using System.Collections;
using System.Reflection;
using Microsoft.DotNet.Interactive.Formatting;

namespace Research.Scripting.Display.Shapes;

/// <summary>Shows <see cref="Memory{T}"/> and <see cref="ReadOnlyMemory{T}"/> as the sequences they are.</summary>
internal sealed class MemorySequence : IReadOnlyCollection<object?>
{
    private static readonly MethodInfo Reader =
        typeof(MemorySequence).GetMethod(nameof(ReadHead), BindingFlags.Static | BindingFlags.NonPublic)!;

    private readonly object?[] _head;

    private MemorySequence(object?[] head, int count)
    {
        _head = head;
        Count = count;
    }

    public int Count { get; }

    /// <summary>Gets the sequence, or null when the value is no memory.</summary>
    public static IEnumerable? Of(object value)
    {
        Type type = value.GetType();
        if (!type.IsGenericType || (type.GetGenericTypeDefinition() != typeof(Memory<>) &&
            type.GetGenericTypeDefinition() != typeof(ReadOnlyMemory<>)))
        {
            return null;
        }

        return (IEnumerable?)Reader.MakeGenericMethod(type.GetGenericArguments()).Invoke(null, [value]);
    }

    public IEnumerator<object?> GetEnumerator() => ((IEnumerable<object?>)_head).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Only what is shown is copied out, and one more that tells there are more.
    private static MemorySequence ReadHead<T>(object boxed)
    {
        ReadOnlySpan<T> items = boxed is Memory<T> memory ? memory.Span : ((ReadOnlyMemory<T>)boxed).Span;
        object?[] head = new object?[Math.Min(items.Length, Formatter.ListExpansionLimit + 1)];
        for (int i = 0; i < head.Length; i++)
        {
            head[i] = items[i];
        }

        return new MemorySequence(head, items.Length);
    }
}
