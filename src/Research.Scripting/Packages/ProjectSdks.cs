using Research.Scripting.Directives;

namespace Research.Scripting.Packages;

/// <summary>The project SDKs that <c>#r "sdk: …"</c> knows, and what a project gets from each.</summary>
internal static class ProjectSdks
{
    /// <summary>The prefix of the directive's argument.</summary>
    public const string Prefix = "sdk:";

    /// <summary>ASP.NET Core's shared framework.</summary>
    public const string AspNetFramework = "Microsoft.AspNetCore.App";

    // The implicit usings of Microsoft.NET.Sdk.Web (its Sdk.Server.props) and of Microsoft.NET.Sdk
    // (Microsoft.NET.Sdk.CSharp.props), SDK 10.0.401.
    private static readonly string[] WebImports =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading",
        "System.Threading.Tasks", "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration",
        "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    /// <summary>Finds an SDK by its name.</summary>
    /// <returns>The shared framework it brings, or null for what every cell has; and the namespaces it opens.</returns>
    /// <exception cref="DirectiveException">It is none of those known.</exception>
    public static (string? Framework, IReadOnlyList<string> Imports) Find(string name) => name switch
    {
        "Microsoft.NET.Sdk" => (null, []),
        "Microsoft.NET.Sdk.Web" => (AspNetFramework, WebImports),
        _ => throw new DirectiveException(
            $"Unknown SDK \"{name}\": expected Microsoft.NET.Sdk or Microsoft.NET.Sdk.Web."),
    };
}
