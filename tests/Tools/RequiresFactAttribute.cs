namespace Research.Tests.Tools;

/// <summary>A fact that needs programs from outside; skipped with the reason where one is absent.</summary>
/// <remarks>With <c>RESEARCH_REQUIRE_ALL=1</c>, as in CI, the test runs and fails instead: nothing hides.</remarks>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresFactAttribute : FactAttribute
{
    public RequiresFactAttribute(params string[] tools) => Skip = ExternalTool.ReasonToSkip(tools);
}

/// <summary>A theory that needs programs from outside; see <see cref="RequiresFactAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresTheoryAttribute : TheoryAttribute
{
    public RequiresTheoryAttribute(params string[] tools) => Skip = ExternalTool.ReasonToSkip(tools);
}
