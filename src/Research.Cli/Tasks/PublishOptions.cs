using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Market;
using Research.Training;

namespace Research.Cli.Tasks;

/// <summary>What <c>research task publish</c> was asked to do; null leaves the library's default.</summary>
internal sealed record PublishOptions
{
    private const uint Day = 24 * 60 * 60;
    private const int PoolPerStake = 4; // The contract takes no stake above a quarter of a round's part of the pool.

    public required MarketOptions Market { get; init; }

    public required string Spec { get; init; }

    /// <summary>Gets the pool as a decimal number; the token says what it counts.</summary>
    public required string Pool { get; init; }

    /// <summary>Gets the pool's token; null for ETH.</summary>
    public Address? Token { get; init; }

    public Wei? Stake { get; init; }

    public Wei? Bond { get; init; }

    public Wei? AuditFee { get; init; }

    public ulong? Target { get; init; }

    /// <summary>Gets the share of the scoring records that ends the task when predicted right, above 0 and at most
    /// 1.</summary>
    public decimal? TargetAccuracy { get; init; }

    /// <summary>Gets when the first round begins, in Unix seconds; null for the block of publication.</summary>
    public ulong? Start { get; init; }

    public uint? CommitSeconds { get; init; }

    public uint? RevealSeconds { get; init; }

    public uint? AnswerSeconds { get; init; }

    public uint? OpenSeconds { get; init; }

    public uint? ScoreSeconds { get; init; }

    public uint? RefuteSeconds { get; init; }

    public Delivery? Delivery { get; init; }

    /// <summary>Gets the file of the accounts that may take part; null for everybody.</summary>
    public string? Allow { get; init; }

    public string? Evaluation { get; init; }

    /// <summary>Gets whether to publish also where most honest owners would go unpaid.</summary>
    public bool EvenIfUnfair { get; init; }

    public bool Deploy { get; init; }

    /// <summary>Gets whether to publish also what this account has published before.</summary>
    public bool Again { get; init; }

    /// <summary>Gets the terms with what was asked for in place of the defaults.</summary>
    /// <exception cref="CommandException">What was asked for does not fit together.</exception>
    public Terms TermsFor(ModelSpec spec, Wei pool, Bytes32 allowRoot)
    {
        Terms defaults = Sponsor.TermsFor(spec, pool);
        Delivery delivery = Delivery ?? defaults.Delivery;
        if (delivery == Chain.Contracts.Delivery.Calldata && defaults.Delivery != delivery)
        {
            throw new CommandException(
                $"--delivery: updates of {defaults.UpdateBytes} bytes do not fit into a transaction that reveals "
                + "them; they travel through the store, with pieces on demand.");
        }

        if (delivery == Chain.Contracts.Delivery.Calldata && AnswerSeconds is not null)
        {
            throw new CommandException(
                "--answer-seconds: updates travel in their reveals, so nothing is demanded or answered; leave it out, "
                + "or say --delivery demand.");
        }

        return defaults with
        {
            Token = Token ?? default,
            Stake = Stake ?? DefaultStake(defaults),
            Bond = Bond ?? defaults.Bond,
            AuditFee = AuditFee ?? defaults.AuditFee,
            Target = Target ?? defaults.Target,
            TargetRight = TargetAccuracy is decimal share
                ? (uint)Math.Ceiling(share * spec.Task!.Evaluation.Examples)
                : 0,
            AllowRoot = allowRoot,
            Start = Start ?? 0,
            CommitSeconds = CommitSeconds ?? defaults.CommitSeconds,
            RevealSeconds = RevealSeconds ?? defaults.RevealSeconds,
            AnswerSeconds = delivery == Chain.Contracts.Delivery.Demand ? AnswerSeconds ?? Day : 0,
            OpenSeconds = OpenSeconds ?? defaults.OpenSeconds,
            ScoreSeconds = ScoreSeconds ?? defaults.ScoreSeconds,
            RefuteSeconds = RefuteSeconds ?? defaults.RefuteSeconds,
            Delivery = delivery,
        };
    }

    private Wei DefaultStake(Terms defaults)
    {
        Wei most = defaults.Pool / defaults.Rounds / PoolPerStake;
        return Token is not null || defaults.Stake <= most ? defaults.Stake : most;
    }
}
