namespace Research.Scripting.Display.Shapes;

/// <summary>Knows values that come into being when they are asked for: looking must not make them.</summary>
internal static class Laziness
{
    /// <summary>Names such a value while it is not made yet; null for everything else.</summary>
    public static string? Of(object value)
    {
        for (Type? type = value.GetType(); type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() is var definition &&
                (definition == typeof(Lazy<>) || definition == typeof(ThreadLocal<>)))
            {
                return type.GetProperty("IsValueCreated")!.GetValue(value) is true
                    ? null
                    : $"{TypeNames.Of(value.GetType())} (no value yet)";
            }
        }

        return null;
    }
}
