using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>What became of a case.</summary>
/// <param name="Winner">Who made it fall; null while it stands.</param>
/// <param name="Settled">First second in which nothing can be demanded of it, or expire, any more; zero where nothing
/// was.</param>
public sealed record CaseStanding(Address? Winner, ulong Settled)
{
    /// <summary>Gets whether it fell.</summary>
    public bool HasFallen => Winner is not null;
}
