namespace Research.Tests.Repl;

/// <summary>A fact that needs Debian's python3-pexpect; skipped with the reason where it is absent.</summary>
/// <remarks>With <c>RESEARCH_REQUIRE_ALL=1</c>, as in CI, it runs and fails instead.</remarks>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PexpectFactAttribute : FactAttribute
{
    public const string Python = "/usr/bin/python3";

    public PexpectFactAttribute()
    {
        bool isPresent = File.Exists(Python) && Directory.Exists("/usr/lib/python3/dist-packages/pexpect");
        if (!isPresent && Environment.GetEnvironmentVariable("RESEARCH_REQUIRE_ALL") != "1")
        {
            Skip = "needs Debian's python3-pexpect (RESEARCH_REQUIRE_ALL=1 makes this a failure)";
        }
    }
}
