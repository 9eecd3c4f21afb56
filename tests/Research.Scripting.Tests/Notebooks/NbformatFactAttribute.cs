namespace Research.Tests.Notebooks;

/// <summary>A fact that needs Debian's python3-nbformat; skipped with the reason where it is absent.</summary>
/// <remarks>
/// As <c>RequiresFact</c>, for a library: with <c>RESEARCH_REQUIRE_ALL=1</c> it runs and fails instead.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NbformatFactAttribute : FactAttribute
{
    public NbformatFactAttribute()
    {
        if (!NbformatOracle.IsPresent() && Environment.GetEnvironmentVariable("RESEARCH_REQUIRE_ALL") != "1")
        {
            Skip = "needs Debian's python3-nbformat (RESEARCH_REQUIRE_ALL=1 makes this a failure)";
        }
    }
}
