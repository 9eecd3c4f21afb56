using System.Dynamic;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Research.Interactive.Secrecy;

/// <summary>Tells whose own text may hold a secret: a record's, an anonymous type's and a tuple's are those of all its
/// members, at any depth, and a lazy value's is the value's.</summary>
/// <remarks>Limit: a class's own text that repeats a member of another type with a secret is its author's.</remarks>
internal static class SecretTexts
{
    private const int MostDepth = 8;

    private static readonly ConditionalWeakTable<Type, PropertyInfo[]> Written = [];

    /// <summary>Tells whether a value's <c>ToString</c> is not to be asked.</summary>
    public static bool Hides(object value) => Hides(value, 0);

    private static bool Hides(object? value, int depth)
    {
        if (value is null or string || value.GetType().IsPrimitive)
        {
            return false;
        }

        Type type = value.GetType();
        if (SecretTypes.IsKnown(type) || SecretMembers.AreIn(type))
        {
            return true;
        }

        if (depth == MostDepth)
        {
            return true; // Nobody reads a text of so many brackets: its type is enough.
        }

        if (IsLazy(type))
        {
            return type.GetProperty("IsValueCreated")!.GetValue(value) is true
                && Hides(Read(type.GetProperty("Value")!, value), depth + 1);
        }

        if (value is ExpandoObject members)
        {
            return members.Any(one => one.Value is not null
                && (SecretMembers.HidesNamed(one.Key, one.Value.GetType()) || Hides(one.Value, depth + 1)));
        }

        return value is ITuple tuple
            ? Enumerable.Range(0, Math.Min(tuple.Length, 64)).Any(index => Hides(tuple[index], depth + 1))
            : Array.Exists(Written.GetValue(type, Find), property => Hides(Read(property, value), depth + 1));
    }

    private static bool IsLazy(Type type) => type.IsGenericType
        && (type.GetGenericTypeDefinition() == typeof(Lazy<>) || type.GetGenericTypeDefinition() == typeof(ThreadLocal<>));

    // Only of types whose text the compiler wrote.
    private static PropertyInfo[] Find(Type type) =>
        type.GetMethod("ToString", [])?.DeclaringType is { } declaring && declaring != typeof(object)
            && (declaring.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
                || type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null
                || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)))
            ?
            [
                .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .Where(property => property.CanRead && property.GetIndexParameters().Length == 0
                        && !property.PropertyType.IsByRefLike && !property.PropertyType.IsPointer),
            ]
            : [];

    private static object? Read(PropertyInfo property, object value)
    {
        try
        {
            return property.GetValue(value);
        }
        catch (TargetInvocationException)
        {
            return null; // Its text would throw there too.
        }
    }
}
