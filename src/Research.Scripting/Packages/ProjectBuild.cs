using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Research.Scripting.Directives;

namespace Research.Scripting.Packages;

/// <summary>Builds the project that a <c>#r "project: ..."</c> names.</summary>
internal static partial class ProjectBuild
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

        string[] framework = NamesOneFramework(path) ? []
            : await ChooseFrameworkAsync(path, cancellationToken).ConfigureAwait(false) is { } chosen ? ["-f", chosen]
            : [];
        JsonElement built = await RunAsync(
            path,
            ["build", path, .. framework, "-c", "Release", "--nologo", "-v", "minimal", "-nodeReuse:false", "-t:Build",
                "-getProperty:TargetPath,ProjectAssetsFile"],
            cancellationToken).ConfigureAwait(false);
        string assembly = built.GetProperty("TargetPath").GetString() ?? "";
        return File.Exists(assembly)
            ? new BuiltProject(assembly, PackageAssets.Read(built.GetProperty("ProjectAssetsFile").GetString()!))
            : throw new DirectiveException($"{path} did not build an assembly (expected \"{assembly}\").");
    }

    // Nearly every project says so in its own file; then MSBuild need not be asked first.
    private static bool NamesOneFramework(string path)
    {
        try
        {
            XElement project = XElement.Load(path);
            return project.Descendants().Any(property => property.Name.LocalName == "TargetFramework") &&
                !project.Descendants().Any(property => property.Name.LocalName == "TargetFrameworks");
        }
        catch (System.Xml.XmlException)
        {
            return true; // The build says what is wrong with it.
        }
    }

    private static async Task<string?> ChooseFrameworkAsync(string path, CancellationToken cancellationToken)
    {
        JsonElement properties = await RunAsync(
            path,
            ["msbuild", path, "-nologo", "-nodeReuse:false", "-getProperty:TargetFramework,TargetFrameworks"],
            cancellationToken).ConfigureAwait(false);
        string several = properties.GetProperty("TargetFrameworks").GetString() ?? "";
        if (several.Length == 0)
        {
            return null;
        }

        string[] frameworks = several.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return frameworks.Where(framework => RankOf(framework) is not null).MaxBy(RankOf) ??
            throw new DirectiveException($"{path} is built for {string.Join(", ", frameworks)}; none of these runs on " +
                $"net{Environment.Version.Major}.{Environment.Version.Minor}.");
    }

    // The nearest framework, as NuGet chooses: the latest .NET up to this one, else .NET Standard.
    private static Version? RankOf(string framework)
    {
        Match match = Framework().Match(framework);
        if (!match.Success)
        {
            return null;
        }

        Version version = new(int.Parse(match.Groups["major"].ValueSpan), int.Parse(match.Groups["minor"].ValueSpan));
        return match.Groups["standard"].Success ? new Version(0, version.Major, version.Minor)
            : version <= new Version(Environment.Version.Major, Environment.Version.Minor) ? version
            : null;
    }

    private static async Task<JsonElement> RunAsync(
        string path, string[] arguments, CancellationToken cancellationToken)
    {
        string result = Path.GetTempFileName();
        try
        {
            (int exitCode, string text) = await DotnetSdk.RunAsync(
                Path.GetDirectoryName(path)!,
                [.. arguments, $"-getResultOutputFile:{result}"],
                cancellationToken).ConfigureAwait(false);
            if (exitCode != 0)
            {
                throw new DirectiveException(
                    $"Could not build {path}. The answer of dotnet build:\n{DotnetSdk.ErrorsIn(text, path)}");
            }

            using JsonDocument document = JsonDocument.Parse(
                await File.ReadAllBytesAsync(result, cancellationToken).ConfigureAwait(false));
            return document.RootElement.GetProperty("Properties").Clone();
        }
        finally
        {
            File.Delete(result);
        }
    }

    [GeneratedRegex(
        @"^(net(?<standard>standard)|netcoreapp|net)(?<major>\d+)\.(?<minor>\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Framework();
}
