using System.Globalization;
using System.Runtime.CompilerServices;

namespace Research.Scripting.Display.Shapes;

/// <summary>Names types as C# does, without namespaces and without the classes that cells become.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(char)] = "char",
        [typeof(decimal)] = "decimal",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(void)] = "void",
    };

    /// <summary>Gets a type's name; an empty string for an anonymous type.</summary>
    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return $"{Of(underlying)}?";
        }

        if (IsAnonymous(type))
        {
            return "";
        }

        string arguments = string.Join(", ", type.GetGenericArguments().Select(Of));
        return typeof(ITuple).IsAssignableFrom(type) && type.IsValueType && type.IsGenericType
            ? $"({arguments})"
            : type.IsGenericType ? $"{Simple(type)}<{arguments}>" : Simple(type);
    }

    /// <summary>Names a type together with a length, as <c>byte[12]</c> or <c>double[2, 3]</c>.</summary>
    public static string OfArray(Array array)
    {
        IEnumerable<string> lengths = Enumerable.Range(0, array.Rank)
            .Select(dimension => array.GetLength(dimension).ToString(CultureInfo.InvariantCulture));
        return $"{Of(array.GetType().GetElementType()!)}[{string.Join(", ", lengths)}]";
    }

    public static bool IsAnonymous(Type type) =>
        type.Name.Contains("AnonymousType", StringComparison.Ordinal) &&
        type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    // "<Squares>d__3" is the iterator of a method: only the compiler calls it that.
    private static string Simple(Type type)
    {
        string name = type.Name.Split('`')[0];
        int end = name.IndexOf('>', StringComparison.Ordinal);
        return name.StartsWith('<') && end > 1 ? $"{name[1..end]} iterator" : name;
    }
}
