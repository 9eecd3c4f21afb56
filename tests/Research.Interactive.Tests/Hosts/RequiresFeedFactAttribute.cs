using Research.Tests.Tools;

namespace Research.Tests.Hosts;

/// <summary>A fact that needs outside programs and the feed that a release build fills; see
/// <see cref="RequiresFactAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresFeedFactAttribute : FactAttribute
{
    public RequiresFeedFactAttribute(params string[] tools)
    {
        string? noTool = ExternalTool.ReasonToSkip(tools);
        bool isFilled = Directory.Exists(Feed) && Directory.EnumerateFiles(Feed, "Research.Interactive.*.nupkg").Any();
        Skip = noTool ?? (isFilled || Environment.GetEnvironmentVariable("RESEARCH_REQUIRE_ALL") == "1"
            ? null
            : $"needs {Feed}: dotnet build -c Release fills it (RESEARCH_REQUIRE_ALL=1 makes this a failure)");
    }

    private static string Feed { get; } = Path.Combine(ExternalTool.RepositoryRoot, ".artifacts", "packages");
}
