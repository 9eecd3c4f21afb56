using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

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

    /// <summary>Gets a type's name, cut where it is long; an empty string for an anonymous type.</summary>
    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out string? keyword))
        {
            return keyword;
        }

        StringBuilder name = new();
        Append(name, type);
        return ShapeBudget.Name(name.ToString());
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

    // A generic type in a generic type, and so on, doubles its name with each level: what is cut is not written.
    private static void Append(StringBuilder name, Type type)
    {
        if (name.Length > ShapeBudget.MaximumName)
        {
            return;
        }

        if (Keywords.TryGetValue(type, out string? keyword))
        {
            name.Append(keyword);
        }
        else if (type.IsArray)
        {
            Append(name, type.GetElementType()!);
            name.Append('[').Append(',', type.GetArrayRank() - 1).Append(']');
        }
        else if (type.HasElementType)
        {
            Append(name, type.GetElementType()!);
            name.Append(type.IsPointer ? '*' : '&');
        }
        else if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            Append(name, underlying);
            name.Append('?');
        }
        else if (!IsAnonymous(type))
        {
            AppendNamed(name, type);
        }
    }

    private static void AppendNamed(StringBuilder name, Type type)
    {
        if (!type.IsGenericType)
        {
            name.Append(Simple(type));
            return;
        }

        bool isTuple = typeof(ITuple).IsAssignableFrom(type) && type.IsValueType;
        name.Append(isTuple ? "(" : $"{Simple(type)}<");
        bool isFirst = true;
        foreach (Type argument in type.GetGenericArguments())
        {
            name.Append(isFirst ? "" : ", ");
            Append(name, argument);
            isFirst = false;
        }

        name.Append(isTuple ? ')' : '>');
    }

    // "<Squares>d__3" is the iterator of a method: only the compiler calls it that.
    private static string Simple(Type type)
    {
        string name = type.Name.Split('`')[0];
        int end = name.IndexOf('>', StringComparison.Ordinal);
        return name.StartsWith('<') && end > 1 ? $"{name[1..end]} iterator" : name;
    }
}
