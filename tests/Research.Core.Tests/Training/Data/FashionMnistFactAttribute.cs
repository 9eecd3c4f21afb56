namespace Research.Tests.Training.Data;

/// <summary>
/// A fact on all of Fashion-MNIST; skipped where Debian's <c>dataset-fashion-mnist</c> is not installed.
/// </summary>
/// <remarks>
/// RESEARCH_FASHION_MNIST names another folder. With RESEARCH_REQUIRE_ALL=1 the test runs and fails instead.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FashionMnistFactAttribute : FactAttribute
{
    public FashionMnistFactAttribute() =>
        Skip = Directory.Exists(Folder) || Environment.GetEnvironmentVariable("RESEARCH_REQUIRE_ALL") == "1"
            ? null
            : $"needs {Folder} (Debian package dataset-fashion-mnist, or RESEARCH_FASHION_MNIST)";

    public static string Folder =>
        Environment.GetEnvironmentVariable("RESEARCH_FASHION_MNIST") ?? "/usr/share/datasets/fashion-mnist";
}
