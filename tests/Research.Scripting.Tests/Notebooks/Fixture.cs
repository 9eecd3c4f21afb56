using Research.Tests.Tools;

namespace Research.Tests.Notebooks;

/// <summary>The notebooks that make_fixtures.py wrote with nbformat.</summary>
internal static class Fixture
{
    public static string PathOf(string name) =>
        Path.Combine(ExternalTool.RepositoryRoot, "tests", "Fixtures", "notebooks", $"{name}.ipynb");

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));
}
