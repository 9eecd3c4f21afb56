using Research.Privacy.Accounting;
using Research.Training;
using Research.Training.Data;

namespace Research.Privacy.Auditing;

/// <summary>Attacks the trainer itself, to see whether its privacy is what accounting claims.</summary>
/// <remarks>
/// A white-box attack in the threat model of the proofs: canaries with the worst gradients, each in the data by a fair
/// coin, pass through the trainer's own sampling, clipping, sum and noise, and the attacker sees every noisy sum and
/// knows all other records (Nasr et al. 2021, arXiv:2101.04535v1, section IV). The gradients of canaries are orthogonal,
/// so that one run holds thousands of trials. What the attack shows is a lower bound; see Privacy/PROOFS.md.
/// </remarks>
public static class PrivacyAudit
{
    private const int Bounds = 3; // The risk of error is divided among so many.

    /// <summary>Trains again and again with canaries, and bounds ε by how well they are recognised.</summary>
    /// <param name="spec">The specification, with privacy; its plan is what is claimed.</param>
    /// <param name="data">The records that canaries hide among, at least one; they must fit the model.</param>
    /// <param name="options">Trials, confidence, randomness; null takes the defaults.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="ArgumentException">The specification has no privacy, or an option is out of range.</exception>
    /// <exception cref="SpecException">The specification is not valid, or the data do not fit it.</exception>
    /// <exception cref="InvalidOperationException">No finite ε is claimed.</exception>
    public static AuditResult Run(
        ModelSpec spec, Dataset data, AuditOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfZero(data.Count, nameof(data));
        options ??= new AuditOptions();
        Check(options);
        if (spec.Privacy is not { } privacy)
        {
            throw new ArgumentException("Expected a specification with $.privacy; got none.", nameof(spec));
        }

        double claimed = Claim(spec, privacy.Delta);
        AuditRuns runs = new(spec, data, options);
        AuditScores scores = runs.Train(cancellationToken);
        double risk = (1 - options.Confidence) / Bounds;
        GaussianEvent plan = spec.PrivacyEvents[^1];
        MembershipRates curve = scores.Measure(risk, rates => rates.GaussianMu()).Rates(risk);
        MembershipRates point = scores.Measure(risk, rates => rates.Epsilon(privacy.Delta)).Rates(risk);
        return new AuditResult
        {
            ClaimedEpsilon = claimed,
            Delta = privacy.Delta,
            Confidence = options.Confidence,
            PlanEpsilon = PlanBound.Epsilon(plan, curve, privacy.Delta, cancellationToken),
            ThresholdEpsilon = point.Epsilon(privacy.Delta),
            OneRunEpsilon = scores.OneRunEpsilon(privacy.Delta, risk),
            Runs = runs.Count,
            MemberScores = [.. scores.Scores.Where((_, i) => scores.Members[i])],
            OtherScores = [.. scores.Scores.Where((_, i) => !scores.Members[i])],
        };
    }

    private static double Claim(ModelSpec spec, double delta)
    {
        ExactAccountant accountant = new();
        foreach (GaussianEvent e in spec.PrivacyEvents)
        {
            accountant.Compose(e);
        }

        return accountant.Epsilon(delta);
    }

    private static void Check(AuditOptions options)
    {
        if (options.Confidence is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Confidence, "Expected a confidence in (0, 1).");
        }

        Require(options.Trials, 100, 100_000_000, nameof(options.Trials));
        Require(options.MostCanaries, 1, int.MaxValue, nameof(options.MostCanaries));
        Require(options.Threads, 1, 256, nameof(options.Threads));
    }

    private static void Require(int value, int least, int most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"Expected {name} from {least} to {most}.");
        }
    }
}
