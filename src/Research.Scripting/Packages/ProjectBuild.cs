using System.Text.Json;
using Research.Scripting.Directives;

namespace Research.Scripting.Packages;

/// <summary>Builds the project that a <c>#r "project: ..."</c> names.</summary>
internal static class ProjectBuild
{
    /// <summary>Builds a project in Release and tells where its assembly is.</summary>
    /// <exception cref="DirectiveException">It does not exist, or does not build; the message has the
    /// errors.</exception>
    public static async Task<BuiltProject> RunAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new DirectiveException($"There is no project at {path}.");
        }

        string result = Path.GetTempFileName();
        try
        {
            (int exitCode, string text) = await DotnetSdk.RunAsync(
                Path.GetDirectoryName(path)!,
                ["build", path, "-c", "Release", "--nologo", "-v", "minimal", "-nodeReuse:false", "-t:Build",
                    "-getProperty:TargetPath,ProjectAssetsFile", $"-getResultOutputFile:{result}"],
                cancellationToken).ConfigureAwait(false);
            if (exitCode != 0)
            {
                throw new DirectiveException(
                    $"Could not build {path}. The answer of dotnet build:\n{DotnetSdk.ErrorsIn(text, path)}");
            }

            return Read(path, await File.ReadAllBytesAsync(result, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            File.Delete(result);
        }
    }

    private static BuiltProject Read(string path, byte[] properties)
    {
        using JsonDocument document = JsonDocument.Parse(properties);
        JsonElement values = document.RootElement.GetProperty("Properties");
        string assembly = values.GetProperty("TargetPath").GetString() ?? "";
        if (!File.Exists(assembly))
        {
            throw new DirectiveException($"{path} did not build one assembly. A project with several target " +
                "frameworks cannot be referenced; reference the built .dll instead.");
        }

        return new BuiltProject(assembly, PackageAssets.Read(values.GetProperty("ProjectAssetsFile").GetString()!, []));
    }
}
