using System.Reflection;
using System.Runtime.CompilerServices;

namespace Research.Tests.Tools;

/// <summary>An assembly's public surface, held to a reviewed list, so that each change of it shows in a diff.</summary>
internal static class PublicSurface
{
    /// <summary>Compares the surface with the list of the test project that holds it.</summary>
    public static void RequireReviewed(Assembly assembly, string project)
    {
        string reviewed = Path.Combine(ExternalTool.RepositoryRoot, "tests", project, "PublicApi.txt");
        string received = Path.Combine(ExternalTool.RepositoryRoot, ".artifacts", "PublicApi.received.txt");
        string actual = string.Join('\n', Describe(assembly)) + "\n";

        if (!File.Exists(reviewed) || File.ReadAllText(reviewed) != actual)
        {
            File.WriteAllText(received, actual);
            Assert.Fail($"The public surface changed. Review {received}, and copy it over {reviewed} if it is meant.");
        }
    }

    private static IEnumerable<string> Describe(Assembly assembly)
    {
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            yield return Kind(type) + " " + Name(type);
            const BindingFlags Declared =
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
            IEnumerable<string> members = type.GetMembers(Declared)
                .Where(member => member.GetCustomAttribute<CompilerGeneratedAttribute>() is null)
                .Where(member => member is not MethodInfo { IsSpecialName: true }
                    || member.Name.StartsWith("op_", StringComparison.Ordinal))
                .Where(member => member is not FieldInfo { IsSpecialName: true } and not Type)
                .Select(Text)
                .Order(StringComparer.Ordinal);
            foreach (string member in members)
            {
                yield return "    " + member;
            }
        }
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsValueType ? "struct"
        : type.IsInterface ? "interface"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsSealed ? "sealed class"
        : "class";

    private static string Text(MemberInfo member) => member switch
    {
        FieldInfo field => $"{(field.IsLiteral ? "const" : "field")} {field.Name}: {Name(field.FieldType)}",
        PropertyInfo property =>
            $"{property.Name}{Parameters(property.GetIndexParameters())}: {Name(property.PropertyType)}"
            + (property.SetMethod is { IsPublic: true } ? " { get; set }" : " { get }"),
        ConstructorInfo constructor => "new" + Parameters(constructor.GetParameters()),
        MethodInfo method => (method.IsStatic ? "static " : "") + method.Name
            + (method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "")
            + Parameters(method.GetParameters()) + ": " + Name(method.ReturnType),
        _ => member.ToString()!,
    };

    private static string Parameters(ParameterInfo[] parameters) =>
        $"({string.Join(", ", parameters.Select(Parameter))})";

    private static string Parameter(ParameterInfo parameter) =>
        Name(parameter.ParameterType) + " " + parameter.Name + (parameter.IsOptional ? "?" : "");

    private static string Name(Type type)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (type.IsByRef || type.IsArray)
        {
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : "&");
        }

        string name = type.FullName is null ? type.Name : (type.Namespace == "System" ? type.Name : type.FullName);
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
