using Research.Tests.Tools;

namespace Research.Tests.Guides;

/// <summary>A fact that needs network namespaces, which no package brings: root, and a kernel that allows them.</summary>
/// <remarks>Skipped with the reason where there are none, under <c>RESEARCH_REQUIRE_ALL=1</c> too.</remarks>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespacesFactAttribute : FactAttribute
{
    public NamespacesFactAttribute(params string[] tools) =>
        Skip = ExternalTool.ReasonToSkip(tools) ?? NetworkNamespaces.ReasonToSkip();
}
