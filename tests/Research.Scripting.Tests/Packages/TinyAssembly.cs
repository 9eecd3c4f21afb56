using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Research.Tests.Packages;

/// <summary>Compiles small assemblies in memory.</summary>
internal static class TinyAssembly
{
    public static byte[] Compile(string name, string version, string code, params MetadataReference[] references)
    {
        string attribute = $"[assembly: System.Reflection.AssemblyVersion(\"{version}.0\")]\n";
        CSharpCompilation compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(attribute + code)],
            [
                .. AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!.ToString()!.Split(Path.PathSeparator)
                    .Where(path => Path.GetFileName(path) is "System.Runtime.dll" or "System.Private.CoreLib.dll")
                    .Select(path => MetadataReference.CreateFromFile(path)),
                .. references,
            ],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using MemoryStream image = new();
        Assert.Empty(compilation.Emit(image).Diagnostics.Where(said => said.Severity == DiagnosticSeverity.Error));
        return image.ToArray();
    }
}
