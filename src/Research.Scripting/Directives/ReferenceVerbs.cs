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
            "\"PATH.dll | NAME | nuget: ID, VERSION | project: PATH.csproj | sdk: NAME\"",
            "References an assembly, a NuGet package, a project, which is built first, or what a project SDK brings.",
            ReferenceAsync) { Words = null },
        new("#i", "\"nuget: SOURCE\"", "Adds a NuGet source: an address or a folder.", AddSourceAsync) { Words = null },
    ];

    private static Task<CellError?> AddSourceAsync(DirectiveCall call, CancellationToken cancellationToken)
    {
        call.References.AddSource(PackageSource.Resolve(call.Directive.Argument, call.Folder));
        return Task.FromResult<CellError?>(null);
    }

    private static async Task<CellError?> ReferenceAsync(DirectiveCall call, CancellationToken cancellationToken)
    {
        string argument = call.Directive.Argument;
        if (PackageRequest.IsPackage(argument))
        {
            await AddPackageAsync(call, argument, cancellationToken).ConfigureAwait(false);
        }
        else if (argument.StartsWith(ProjectPrefix, StringComparison.OrdinalIgnoreCase))
        {
            Note(call, await call.References.AddProjectAsync(
                argument[ProjectPrefix.Length..].Trim(), call.Folder, cancellationToken).ConfigureAwait(false));
        }
        else if (argument.StartsWith(ProjectSdks.Prefix, StringComparison.OrdinalIgnoreCase))
        {
            call.References.AddSdk(argument[ProjectSdks.Prefix.Length..].Trim());
        }
        else
        {
            call.References.AddAssembly(argument, call.Folder);
        }

        return null;
    }

    private static async Task AddPackageAsync(
        DirectiveCall call, string argument, CancellationToken cancellationToken)
    {
        PackageRequest request = PackageRequest.Parse(argument) ??
            throw new DirectiveException(PackageRequest.Fault(argument));
        (string id, string version, IReadOnlyList<string> notes) = await call.References
            .AddPackageAsync(request, call.Folder, cancellationToken).ConfigureAwait(false);
        Note(call, notes);
        if (call.Session.IsScript)
        {
            return; // A program's output is its own.
        }

        string installed = $"{id}, {version}";
        call.Channel.Emit(new DisplayOutput(
            MimeBundle.Of(
                ("text/html", "<div><strong>Installed Packages</strong><ul><li><span>" +
                    $"{WebUtility.HtmlEncode(installed)}</span></li></ul></div>"),
                ("text/plain", $"Installed Packages\n{installed}")),
            Guid.NewGuid().ToString("N")));
    }

    private static void Note(DirectiveCall call, IReadOnlyList<string> notes)
    {
        foreach (string note in notes)
        {
            call.Channel.Write("stderr", $"{note}\n");
        }
    }
}
