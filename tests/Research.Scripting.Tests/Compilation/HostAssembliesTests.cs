using System.Reflection;
using Research.Scripting.Compilation;

namespace Research.Tests.Compilation;

public sealed class HostAssembliesTests
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public |
        BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // What a cell gets from the library or gives to it: its assemblies must be the host's, and no others need be.
    [Fact]
    public void ShareOf_AssembliesInTheLibrarysSignatures_AreExactlyThoseOfTheLibrary()
    {
        HashSet<Assembly> seen = [];
        Queue<Assembly> waiting = new(
        [
            typeof(Research.Training.Data.Datasets).Assembly, typeof(Research.Scripting.ScriptSession).Assembly,
            typeof(Microsoft.DotNet.Interactive.Formatting.Formatter).Assembly, // Its namespaces are open in every cell.
        ]);
        while (waiting.TryDequeue(out Assembly? next))
        {
            if (seen.Add(next))
            {
                foreach (Assembly used in next.GetExportedTypes().SelectMany(InSignatures).Select(type => type.Assembly)
                    .Distinct().Where(used => HostAssemblies.ShareOf(used.GetName().Name!) != HostShare.Framework))
                {
                    waiting.Enqueue(used);
                }
            }
        }

        // Those of Nethereum, from ToWeb3 on, come with a cell's request for it.
        string[] always = [.. seen.Select(assembly => assembly.GetName().Name!)
            .Where(name => !HostAssemblies.OfNethereum.ContainsKey(name))];
        Assert.Contains(seen, assembly => assembly.GetName().Name == "Nethereum.Web3");
        Assert.All(always, name => Assert.Equal(HostShare.Library, HostAssemblies.ShareOf(name)));
        Assert.Equal(
            ["Microsoft.AspNetCore.Html.Abstractions", "Microsoft.DotNet.Interactive.Formatting"],
            always
                .Where(name => !name.StartsWith("Research.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("System.Text.Json", HostShare.Framework)]
    [InlineData("Microsoft.Extensions.Logging.Abstractions", HostShare.AspNet)]
    [InlineData("Research.Core", HostShare.Library)]
    [InlineData("Microsoft.CodeAnalysis", HostShare.None)]
    [InlineData("Markdig", HostShare.None)]
    internal void ShareOf_Assembly_IsByWhoseItIs(string name, HostShare share) =>
        Assert.Equal(share, HostAssemblies.ShareOf(name));

    private static IEnumerable<Type> InSignatures(Type type)
    {
        IEnumerable<Type?> named =
        [
            type.BaseType, .. type.GetInterfaces(),
            .. type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily).Select(field => field.FieldType),
            .. type.GetConstructors(Declared).Cast<MethodBase>().Concat(type.GetMethods(Declared))
                .Where(method => method.IsPublic || method.IsFamily)
                .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType)
                    .Append((method as MethodInfo)?.ReturnType ?? typeof(void))),
        ];
        return named.OfType<Type>().SelectMany(Parts);
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericParameter ? type.GetGenericParameterConstraints() // Which may name the parameter again.
            .Select(constraint => constraint.IsGenericType ? constraint.GetGenericTypeDefinition() : constraint)
        : type.IsGenericType && !type.IsGenericTypeDefinition
            ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : [type];
}
