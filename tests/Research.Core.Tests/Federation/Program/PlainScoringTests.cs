using Research.Training;
using Research.Training.Layers;

namespace Research.Tests.Federation.Program;

/// <summary>Two implementations of contracts/SCORING.md agree to the bit.</summary>
public sealed class PlainScoringTests
{
    [Fact]
    public void Linear_Smallest_Agrees()
    {
        ModelSpec spec = PlainCase.Spec([20], [new Linear(20, 3)]);
        PlainCase one = new(spec, 0, 1);
        one.CompareCode();
        one.CompareTrace(3);
    }
}
