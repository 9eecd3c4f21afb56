using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>What a sponsor offers; immutable once published.</summary>
public sealed record Terms
{
    /// <summary>Gets the ERC-20 token of the pool; the zero address for ETH.</summary>
    public Address Token { get; init; }

    /// <summary>
    /// Gets the reward for all rounds together, in wei or in the token's smallest unit; 1 to 2^128 - 1.
    /// </summary>
    public required Wei Pool { get; init; }

    /// <summary>Gets what a participant locks with a first commitment.</summary>
    public Wei Stake { get; init; }

    /// <summary>Gets what a poster or a challenger locks.</summary>
    public Wei Bond { get; init; }

    /// <summary>Gets the SHA-256 hash of the canonical specification; not zero.</summary>
    public required Bytes32 SpecHash { get; init; }

    /// <summary>Gets the root of the tree over the programs of the task's rounds; not zero.</summary>
    public required Bytes32 ProgramRoot { get; init; }

    /// <summary>Gets when the first round begins, in Unix seconds; zero for the block of publication.</summary>
    public ulong Start { get; init; }

    /// <summary>Gets the length of each round's commit window; at least 1.</summary>
    public required uint CommitSeconds { get; init; }

    /// <summary>Gets the length of each round's reveal window; at least 1.</summary>
    public required uint RevealSeconds { get; init; }

    /// <summary>Gets the length of each round's score window; at least 1.</summary>
    public required uint ScoreSeconds { get; init; }

    /// <summary>Gets the length of each round's challenge window; at least 1.</summary>
    public required uint ChallengeSeconds { get; init; }

    /// <summary>Gets how long claims stay open after the last round; at least 1.</summary>
    public required uint ClaimSeconds { get; init; }

    /// <summary>Gets the number of rounds; at least 1.</summary>
    public required ushort Rounds { get; init; }

    internal Generated.Terms ToMessage() => new()
    {
        Token = Token.ToString(),
        Pool = Pool.Amount,
        Stake = Stake.Amount,
        Bond = Bond.Amount,
        SpecHash = SpecHash.ToArray(),
        ProgramRoot = ProgramRoot.ToArray(),
        Start = Start,
        CommitSeconds = CommitSeconds,
        RevealSeconds = RevealSeconds,
        ScoreSeconds = ScoreSeconds,
        ChallengeSeconds = ChallengeSeconds,
        ClaimSeconds = ClaimSeconds,
        Rounds = Rounds,
    };

    internal static Terms From(Generated.Terms message) => new()
    {
        Token = message.Token.ToAddress(),
        Pool = message.Pool.ToWei(),
        Stake = message.Stake.ToWei(),
        Bond = message.Bond.ToWei(),
        SpecHash = message.SpecHash.ToBytes32(),
        ProgramRoot = message.ProgramRoot.ToBytes32(),
        Start = message.Start,
        CommitSeconds = message.CommitSeconds,
        RevealSeconds = message.RevealSeconds,
        ScoreSeconds = message.ScoreSeconds,
        ChallengeSeconds = message.ChallengeSeconds,
        ClaimSeconds = message.ClaimSeconds,
        Rounds = message.Rounds,
    };
}
