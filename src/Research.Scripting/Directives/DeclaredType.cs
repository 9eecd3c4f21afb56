using Microsoft.CodeAnalysis.CSharp;

namespace Research.Scripting.Directives;

/// <summary>Names a type so that generated code can declare a variable of it.</summary>
internal static class DeclaredType
{
    /// <summary>Gets C#'s name of the type, or <c>object</c> where there is none that every cell can use.</summary>
    public static string NameOf(Type type) => TryName(type) ?? "object";

    private static string? TryName(Type type)
    {
        if (type.IsArray)
        {
            // Ranks are written outermost first: int[][,] is an array of int[,].
            string ranks = "";
            for (; type.IsArray; type = type.GetElementType()!)
            {
                ranks += $"[{new string(',', type.GetArrayRank() - 1)}]";
            }

            return TryName(type) is { } item ? item + ranks : null;
        }

        // A cell's own types are nested in the class that the cell became: their simple names are enough.
        bool isOfCell = type.DeclaringType is { DeclaringType: null } outer && outer.Assembly.Location.Length == 0;
        string? scope = isOfCell ? "" : type.DeclaringType is { } declaring ? $"{TryName(declaring)}."
            : type.Namespace is { Length: > 0 } space ? $"global::{space}." : "global::";
        string name = type.Name.Split('`')[0];
        if (!type.IsVisible || !SyntaxFacts.IsValidIdentifier(name) || type.DeclaringType is { IsGenericType: true })
        {
            return null;
        }

        string?[] arguments = [.. type.GetGenericArguments().Select(TryName)];
        return arguments.Contains(null) ? null
            : arguments.Length == 0 ? $"{scope}@{name}"
            : $"{scope}@{name}<{string.Join(", ", arguments)}>";
    }
}
