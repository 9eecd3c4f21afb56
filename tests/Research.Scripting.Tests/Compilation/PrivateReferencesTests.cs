using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;
using Research.Scripting.Compilation;
using Research.Training;

namespace Research.Tests.Compilation;

public sealed class PrivateReferencesTests : IDisposable
{
    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    // Each is a package that the library uses itself, in the very version.
    [Theory]
    [InlineData("CsvHelper, 34.0.0")]
    [InlineData("Newtonsoft.Json, 13.0.4")]
    public async Task Variable_OfALibraryType_IsTakenByTheLibraryAfterThatPackageWasAdded(string package)
    {
        await _cells.RunAsync("using Research.Chain.Primitives;\nWei one = Wei.FromEther(\"1\");");
        await _cells.RunAsync($"#r \"nuget: {package}\"");

        Assert.Equal("2 ETH", await _cells.RunAsync("(one + Wei.FromEther(\"1\")).ToString()"));
    }

    [Fact]
    public void Read_TheLibrary_ChangesNoPublicName()
    {
        string path = typeof(ModelSpec).Assembly.Location;
        using PEReader file = new(File.OpenRead(path));

        MetadataReader changed = ((AssemblyMetadata)PrivateReferences.Read(path).GetMetadata()).GetModules()[0]
            .GetMetadataReader();

        Assert.Equal(PublicNames(file.GetMetadataReader()), PublicNames(changed));
    }

    private static IEnumerable<string> PublicNames(MetadataReader metadata) =>
        from type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
        where (type.Attributes & System.Reflection.TypeAttributes.VisibilityMask) == System.Reflection.TypeAttributes.Public
        from name in type.GetMethods().Select(method => metadata.GetString(metadata.GetMethodDefinition(method).Name))
            .Prepend("")
        select $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}.{name}";
}
