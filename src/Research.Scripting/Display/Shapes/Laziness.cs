namespace Research.Scripting.Display.Shapes;

/// <summary>Knows values that come into being when they are asked for: looking must not make them.</summary>
internal static class Laziness
{
    /// <summary>Names such a value while it is not made yet; null for everything else.</summary>
    public static string? Of(object value)
    {
        Type type = value.GetType();
        return IsLazy(type) && type.GetProperty("IsValueCreated")!.GetValue(value) is not true
            ? $"{TypeNames.Of(type)} (no value yet)"
            : null;
    }

    /// <summary>Tells whether a type's values are such.</summary>
    public static bool IsLazy(Type type)
    {
        for (Type? known = type; known is not null; known = known.BaseType)
        {
            if (known.IsGenericType && known.GetGenericTypeDefinition() is var definition &&
                (definition == typeof(Lazy<>) || definition == typeof(ThreadLocal<>)))
            {
                return true;
            }
        }

        return false;
    }
}
