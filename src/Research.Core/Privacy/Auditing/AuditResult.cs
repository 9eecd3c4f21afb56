namespace Research.Privacy.Auditing;

/// <summary>What an audit found: lower bounds on the ε of a trainer, beside the upper bound that is claimed.</summary>
/// <remarks>
/// Neighbours: add or remove one record. ε in nats. All bounds hold together at the confidence: the chance of error is
/// divided among the three. A bound above the claim refutes it; bounds below it do not prove it.
/// </remarks>
public sealed record AuditResult
{
    /// <summary>Gets the ε that accounting claims.</summary>
    public required double ClaimedEpsilon { get; init; }

    /// <summary>Gets δ.</summary>
    public required double Delta { get; init; }

    /// <summary>Gets the confidence with which every bound holds.</summary>
    public required double Confidence { get; init; }

    /// <summary>
    /// Gets the bound from the best threshold against the claim's whole privacy curve: the tightest. That it exceeds a
    /// true claim has the stated chance at most; as a measure it takes sampling and steps as claimed.
    /// </summary>
    public required double PlanEpsilon { get; init; }

    /// <summary>Gets the bound from the best threshold that holds for any mechanism, at this one δ.</summary>
    public required double ThresholdEpsilon { get; init; }

    /// <summary>
    /// Gets the bound from guesses about all canaries, which holds however the trainer lets canaries touch each other.
    /// </summary>
    public required double OneRunEpsilon { get; init; }

    /// <summary>Gets the audited ε: the largest of the three bounds.</summary>
    public double AuditedEpsilon => Math.Max(PlanEpsilon, Math.Max(ThresholdEpsilon, OneRunEpsilon));

    /// <summary>Gets whether the claim is refuted.</summary>
    public bool IsRefuted => AuditedEpsilon > ClaimedEpsilon;

    /// <summary>Gets how many trainings were run.</summary>
    public required int Runs { get; init; }

    /// <summary>Gets the scores of canaries that were in the data; higher speaks for membership.</summary>
    public required IReadOnlyList<double> MemberScores { get; init; }

    /// <summary>Gets the scores of canaries that were not.</summary>
    public required IReadOnlyList<double> OtherScores { get; init; }

    /// <summary>Gets the number of trials.</summary>
    public int Trials => MemberScores.Count + OtherScores.Count;
}
