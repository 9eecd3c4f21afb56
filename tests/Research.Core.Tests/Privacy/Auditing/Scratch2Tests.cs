using Research.Privacy.Auditing;
using Research.Privacy.Mechanisms;
using Xunit.Abstractions;

namespace Research.Tests.Privacy.Auditing;

public sealed class Scratch2Tests(ITestOutputHelper output)
{
    [Fact]
    public void PerRun()
    {
        AuditRuns runs = new(AuditPlans.Spec(1, 1, 1), AuditPlans.Blank, new AuditOptions { Trials = 1_000_000, Random = new InsecureSeededRandom(1, "audit-tests"), Threads = 2 });
        AuditScores s = runs.Train(default);
        int m = s.Scores.Length / runs.Count;
        for (int r = 0; r < runs.Count; r += 1)
        {
            double a = 0, b = 0, aa = 0, bb = 0; int na = 0, nb = 0;
            for (int i = r * m; i < (r + 1) * m; i++)
            {
                double x = s.Scores[i];
                if (s.Members[i]) { a += x; aa += x * x; na++; } else { b += x; bb += x * x; nb++; }
            }
            output.WriteLine($"{r}: {na} {a / na:F4} {aa / na - (a / na) * (a / na):F4}   {nb} {b / nb:F4} {bb / nb - (b / nb) * (b / nb):F4}");
        }
        MembershipCounts c = s.Measure(0.05, x => x.GaussianMu());
        output.WriteLine(c.ToString() + c.Rates(0.05));
    }
}
