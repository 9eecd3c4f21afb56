using System.Net;
using Research.Scripting.Outputs;
using Research.Scripting.Packages;

namespace Research.Scripting.Directives;

/// <summary>Directives that make assemblies and packages known.</summary>
internal static class ReferenceVerbs
{
    private const string ProjectPrefix = "project:";

    public static IEnumerable<Verb> All =>
    [
        new(
            "#r",
            "\"PATH.dll | NAME | nuget: ID, VERSION | project: PATH.csproj\"",
            "References an assembly, a NuGet package, or a project, which is built first.",
            ReferenceAsync) { Words = null },
        new("#i", "\"nuget: SOURCE\"", "Adds a NuGet source: an address or a folder.", AddSourceAsync) { Words = null },
    ];

    private static Task<CellError?> AddSourceAsync(DirectiveCall call, CancellationToken cancellationToken)
    {
        string argument = call.Directive.Argument;
        call.References.AddSource(
            PackageRequest.IsPackage(argument) ? argument["nuget:".Length..].Trim() : argument);
        return Task.FromResult<CellError?>(null);
    }

    private static async Task<CellError?> ReferenceAsync(DirectiveCall call, CancellationToken cancellationToken)
    {
        string argument = call.Directive.Argument;
        if (argument.StartsWith(ProjectPrefix, StringComparison.OrdinalIgnoreCase))
        {
            await call.References.AddProjectAsync(
                argument[ProjectPrefix.Length..].Trim(), call.Folder, cancellationToken).ConfigureAwait(false);
            return null;
        }

        if (!PackageRequest.IsPackage(argument))
        {
            call.References.AddAssembly(argument, call.Folder);
            return null;
        }

        PackageRequest request = PackageRequest.Parse(argument) ?? throw new DirectiveException(
            $"Expected #r \"nuget: Id, Version\", got {call.Directive.Text}.");
        await call.References.AddPackageAsync(request, call.Folder, cancellationToken).ConfigureAwait(false);
        if (call.Session.IsScript)
        {
            return null; // A program's output is its own.
        }

        string[] installed = [.. call.References.Packages.Where(
            package => package.Id.Equals(request.Id, StringComparison.OrdinalIgnoreCase))
            .Select(package => $"{package.Id}, {package.Version}")];
        call.Channel.Emit(new DisplayOutput(
            MimeBundle.Of(
                ("text/html", $"<div><strong>Installed Packages</strong><ul>{string.Concat(installed.Select(
                    name => $"<li><span>{WebUtility.HtmlEncode(name)}</span></li>"))}</ul></div>"),
                ("text/plain", $"Installed Packages\n{string.Join('\n', installed)}")),
            Guid.NewGuid().ToString("N")));
        return null;
    }
}
