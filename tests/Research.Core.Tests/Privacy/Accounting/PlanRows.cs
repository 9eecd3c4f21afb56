using System.Text.Json;
using Research.Privacy.Accounting;
using Research.Tests.Tools;

namespace Research.Tests.Privacy.Accounting;

/// <summary>Rows of tests/Fixtures/plans.json, whose note tells where the truths come from.</summary>
internal static class PlanRows
{
    private static readonly JsonElement Root = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(ExternalTool.RepositoryRoot, "tests", "Fixtures", "plans.json"))).RootElement;

    public static IReadOnlyList<PlanRow> Gaussian { get; } =
        [.. Root.GetProperty("gaussian").EnumerateArray().Select(r => Row(r, [Event("gaussian", r)]))];

    public static IReadOnlyList<PlanRow> Mixtures { get; } =
    [
        .. Root.GetProperty("mixtures").EnumerateArray().Select(r => Row(
            r,
            [
                .. r.GetProperty("components").EnumerateArray()
                    .Select(c => Event(c.GetProperty("kind").GetString()!, c)),
            ])),
    ];

    private static PlanRow Row(JsonElement row, PrivacyEvent[] plan) =>
        new(plan, row.Number("delta"), row.Number("eps_ref"), row.Number("eps_ref_abs_tol"));

    private static PrivacyEvent Event(string kind, JsonElement part)
    {
        int steps = (int)part.Number("steps");
        return kind switch
        {
            "gaussian" => new GaussianEvent(part.Number("q"), part.Number("sigma"), steps),
            "laplace" => new LaplaceEvent(part.Number("scale"), steps),
            "discrete_gaussian" => new DiscreteGaussianEvent(part.Number("sigma"), steps),
            "randomized_response" =>
                new RandomizedResponseEvent(part.Number("epsilon"), (int)part.Number("categories"), steps),
            _ => new PureEvent(part.Number("epsilon"), steps),
        };
    }
}

/// <summary>A plan with its true ε.</summary>
internal sealed record PlanRow(PrivacyEvent[] Plan, double Delta, double Truth, double Tolerance)
{
    public override string ToString() => $"{string.Join<PrivacyEvent>(" + ", Plan)}, δ {Delta}";
}
