using Research.Chain.Contracts;
using Research.Chain.Primitives;

namespace Research.Market.Watching;

/// <summary>Something that a watcher did, or saw; the same things seen again are equal.</summary>
/// <param name="Action">What.</param>
/// <param name="TaskId">The task; null for all of the market.</param>
/// <param name="Round">The round, from 0; null for the whole task.</param>
public sealed record WatchEvent(WatchAction Action, ulong? TaskId = null, int? Round = null)
{
    /// <summary>Gets whose claim it is about.</summary>
    public Address? Claimant { get; init; }

    /// <summary>Gets how many: claims that say the same, or pieces of updates.</summary>
    public int? Count { get; init; }

    /// <summary>Gets which tree of a claim.</summary>
    public CaseTree? Tree { get; init; }

    /// <summary>Gets which step of a descent, from 0.</summary>
    public int? Level { get; init; }

    /// <summary>Gets how many steps the descent has.</summary>
    public int? Levels { get; init; }

    /// <summary>Gets when something is due, or was, in Unix seconds.</summary>
    public ulong? Until { get; init; }

    /// <summary>Gets how much was paid, or locked.</summary>
    public Wei? Amount { get; init; }

    /// <summary>Gets where in the trace the first wrong leaf lies, in bytes.</summary>
    public long? At { get; init; }

    /// <summary>Gets how the round ended.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>Gets the transaction that did it; null for what was only seen.</summary>
    public Bytes32? Transaction { get; init; }

    /// <summary>Gets what went wrong.</summary>
    public string? Why { get; init; }
}
