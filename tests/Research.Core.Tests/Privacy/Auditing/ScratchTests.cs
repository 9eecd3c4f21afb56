using System.Diagnostics;
using Research.Privacy.Auditing;
using Xunit.Abstractions;

namespace Research.Tests.Privacy.Auditing;

public sealed class ScratchTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, 1, 1, 100_000)]
    [InlineData(1, 1, 1, 1_000_000)]
    [InlineData(1, 10, 100, 100_000)]
    [InlineData(0.1, 1, 100, 100_000)]
    [InlineData(0.01, 0.6, 100, 100_000)]
    [InlineData(0.1, 1, 1, 100_000)]
    public void Figures(double q, double noise, int steps, int trials)
    {
        long t = Stopwatch.GetTimestamp();
        AuditResult r = AuditPlans.Audit(AuditPlans.Spec(q, noise, steps), trials);
        output.WriteLine($"q {q} noise {noise} T {steps} n {r.Trials} runs {r.Runs}: claim {r.ClaimedEpsilon:F4} plan {r.PlanEpsilon:F4} threshold {r.ThresholdEpsilon:F4} one {r.OneRunEpsilon:F4} in {Stopwatch.GetElapsedTime(t)}");
    }
}
