using Research.Tensors;

namespace Research.Privacy.Auditing;

/// <summary>What a step's release says about a canary.</summary>
/// <remarks>
/// The logarithm of (1 − q)·N(x; 0, σ²) + q·N(x; 1, σ²) over N(x; 0, σ²): no test of one step is stronger, and none of
/// all steps is stronger than the sum (Neyman and Pearson 1933).
/// </remarks>
internal static class CanaryScore
{
    private const double MostEvidence = 600; // e^600 is far from overflow, and says enough.

    /// <summary>Adds to each canary's score the log-likelihood ratio of its membership.</summary>
    /// <param name="seen">x in clip norms, one for each canary.</param>
    /// <param name="sampleRate">q in (0, 1].</param>
    /// <param name="noiseMultiplier">σ.</param>
    /// <param name="scores">One for each canary.</param>
    public static void Add(ReadOnlySpan<double> seen, double sampleRate, double noiseMultiplier, Span<double> scores)
    {
        double precision = 1 / (noiseMultiplier * noiseMultiplier);
        for (int i = 0; i < seen.Length; i++)
        {
            double evidence = (seen[i] - 0.5) * precision;
            scores[i] += sampleRate == 1
                ? evidence
                : DoubleLog.Of((1 - sampleRate) + (sampleRate * DoubleExp.Of(Math.Min(evidence, MostEvidence))));
        }
    }
}
