using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>What a sponsor offers; immutable once published.</summary>
/// <remarks>The limits are the contract's; development chains have lower ones for windows, stake and bond.</remarks>
public sealed record Terms
{
    /// <summary>Gets the ERC-20 token of the pool; the zero address for ETH.</summary>
    public Address Token { get; init; }

    /// <summary>
    /// Gets the reward for all rounds together, in wei or in the token's smallest unit; 1 to 2^128 - 1.
    /// </summary>
    public required Wei Pool { get; init; }

    /// <summary>
    /// Gets what a participant locks with a first commitment; not zero, and at most a quarter of a round's part of the
    /// pool where that is ETH.
    /// </summary>
    public required Wei Stake { get; init; }

    /// <summary>Gets what a claimant locks; not zero.</summary>
    public required Wei Bond { get; init; }

    /// <summary>
    /// Gets the wei of each round, beside the pool, for those who look: a third for each of up to three posters.
    /// </summary>
    public Wei AuditFee { get; init; }

    /// <summary>
    /// Gets the points from which a round's whole pool is earned; zero for the first point on.
    /// </summary>
    public ulong Target { get; init; }

    /// <summary>Gets the SHA-256 hash of the canonical specification; not zero.</summary>
    /// <remarks>The contract keeps it nowhere but in the event of the publication.</remarks>
    public required Bytes32 SpecHash { get; init; }

    /// <summary>Gets the root of the tree over what the task's rounds are scored by; not zero.</summary>
    public required Bytes32 ProgramRoot { get; init; }

    /// <summary>Gets the root of the <see cref="AllowList"/>; zero lets everybody take part.</summary>
    public Bytes32 AllowRoot { get; init; }

    /// <summary>Gets when the first round begins, in Unix seconds; zero for the block of publication.</summary>
    public ulong Start { get; init; }

    /// <summary>Gets the length of each round's commit window; at least 1.</summary>
    public required uint CommitSeconds { get; init; }

    /// <summary>Gets the length of each round's reveal window; at least 1.</summary>
    public required uint RevealSeconds { get; init; }

    /// <summary>
    /// Gets the length of each round's answer window; at least 2, or zero where updates travel in their reveals.
    /// </summary>
    public uint AnswerSeconds { get; init; }

    /// <summary>Gets the length of each round's open window; at least 1.</summary>
    public required uint OpenSeconds { get; init; }

    /// <summary>Gets the length of each round's score window; at least 2.</summary>
    public required uint ScoreSeconds { get; init; }

    /// <summary>Gets the length of each round's refute window; at least 1.</summary>
    public required uint RefuteSeconds { get; init; }

    /// <summary>
    /// Gets the number of rounds, 1 to 256; of a published task smaller once the target was reached early.
    /// </summary>
    public required ushort Rounds { get; init; }

    /// <summary>Gets how updates become available.</summary>
    public Delivery Delivery { get; init; }

    /// <summary>Gets the bytes of an update: four for each weight.</summary>
    public required uint UpdateBytes { get; init; }

    /// <summary>Gets the number of evaluation keys of each round; at least 2.</summary>
    public required ushort Keys { get; init; }

    /// <summary>
    /// Gets the records that the model of a round must predict right for the task to end with that round; zero lets
    /// every round be played.
    /// </summary>
    public uint TargetRight { get; init; }

    /// <summary>Gets the audit fees of all rounds together, which are locked beside the pool.</summary>
    public Wei AuditFees => AuditFee * Rounds;

    internal Generated.Terms ToMessage() => new()
    {
        ProgramRoot = ProgramRoot.ToArray(),
        AllowRoot = AllowRoot.ToArray(),
        Token = Token.ToString(),
        Pool = Pool.Amount,
        Stake = Stake.Amount.ToUInt64(),
        Bond = Bond.Amount.ToUInt64(),
        AuditFee = AuditFee.Amount.ToUInt64(),
        Target = Target,
        Start = Start,
        CommitSeconds = CommitSeconds,
        RevealSeconds = RevealSeconds,
        AnswerSeconds = AnswerSeconds,
        OpenSeconds = OpenSeconds,
        ScoreSeconds = ScoreSeconds,
        RefuteSeconds = RefuteSeconds,
        Rounds = Rounds,
        Delivery = (byte)Delivery,
        UpdateBytes = UpdateBytes,
        Keys = Keys,
        TargetRight = TargetRight,
    };

    internal static Terms From(Generated.Terms message, Bytes32 specHash) => new()
    {
        Token = message.Token.ToAddress(),
        Pool = message.Pool.ToWei(),
        Stake = new Wei(message.Stake),
        Bond = new Wei(message.Bond),
        AuditFee = new Wei(message.AuditFee),
        Target = message.Target,
        SpecHash = specHash,
        ProgramRoot = message.ProgramRoot.ToBytes32(),
        AllowRoot = message.AllowRoot.ToBytes32(),
        Start = message.Start,
        CommitSeconds = message.CommitSeconds,
        RevealSeconds = message.RevealSeconds,
        AnswerSeconds = message.AnswerSeconds,
        OpenSeconds = message.OpenSeconds,
        ScoreSeconds = message.ScoreSeconds,
        RefuteSeconds = message.RefuteSeconds,
        Rounds = message.Rounds,
        Delivery = message.Delivery.ToEnum<Delivery>(),
        UpdateBytes = message.UpdateBytes,
        Keys = message.Keys,
        TargetRight = message.TargetRight,
    };
}
