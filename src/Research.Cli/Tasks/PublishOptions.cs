using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Market;
using Research.Training;

namespace Research.Cli.Tasks;

/// <summary>What <c>research task publish</c> was asked to do; null leaves the library's default.</summary>
internal sealed record PublishOptions
{
    /// <summary>The longest window, and the latest start, that the contract takes.</summary>
    public const uint MostSeconds = 90 * Day;

    private const uint Day = 24 * 60 * 60;
    private const int PoolPerStake = 4; // The contract takes no stake above a quarter of a round's part of the pool.

    private static readonly Wei MostStake = Wei.FromEther("1");
    private static readonly Wei MostBond = Wei.FromEther("10");

    public required MarketOptions Market { get; init; }

    public required string Spec { get; init; }

    /// <summary>Gets the pool as a decimal number; the token says what it counts.</summary>
    public required string Pool { get; init; }

    /// <summary>Gets the pool's token; null for the chain's own currency.</summary>
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
    /// <param name="spec">The specification.</param>
    /// <param name="pool">The rewards of all rounds together.</param>
    /// <param name="allowRoot">The root of the accounts that may take part.</param>
    /// <param name="baseFee">What the chain asks for a unit of gas now.</param>
    /// <exception cref="CommandException">What was asked for does not fit together.</exception>
    public Terms TermsFor(ModelSpec spec, Wei pool, Bytes32 allowRoot, Wei baseFee)
    {
        Terms defaults = Sponsor.TermsFor(spec, pool, baseFee);
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

        Terms terms = defaults with
        {
            Token = Token ?? default,
            Stake = Stake ?? DefaultStake(defaults),
            Bond = Bond ?? (Token is null ? defaults.Bond : Sponsor.BondFor(Wei.Zero, baseFee)),
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
        return CommitSeconds is null ? terms with { CommitSeconds = Sponsor.CommitSecondsFor(terms) } : terms;
    }

    /// <summary>Throws where the contract would refuse the terms, before a market is deployed or a token
    /// approved.</summary>
    /// <exception cref="CommandException">It would.</exception>
    public static void RequireLimits(Terms terms, ulong now, Currency native)
    {
        string mostStake = native.Of(MostStakeOf(terms));
        string mostBond = native.Of(MostBond);
        Require("--stake", terms.Stake > Wei.Zero && terms.Stake <= MostStakeOf(terms), terms.Token.IsZero
            ? $"more than 0 and at most {mostStake}, a quarter of a round's part of the pool and never more "
                + $"than {native.Of(MostStake)}"
            : $"more than 0 and at most {mostStake}", native.Of(terms.Stake));
        Require(
            "--bond",
            terms.Bond > Wei.Zero && terms.Bond <= MostBond,
            $"more than 0 and at most {mostBond}",
            native.Of(terms.Bond));
        Require("--audit-fee", terms.AuditFee <= MostBond, $"at most {mostBond}", native.Of(terms.AuditFee));
        Require(
            "--start",
            terms.Start == 0 || (terms.Start >= now && terms.Start <= now + MostSeconds - Day), // Blocks come later.
            $"a time from now on and before {LocalTime.At(now + MostSeconds - Day)}",
            LocalTime.When(now, terms.Start));

        static void Require(string option, bool isWithin, string expected, string actual)
        {
            if (!isWithin)
            {
                throw new CommandException($"{option}: expected {expected}, got {actual}. Nothing was sent.");
            }
        }
    }

    /// <summary>Throws where a public chain would refuse the terms; see <see cref="RequireLimits"/>.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="baseFee">What the chain asks for a unit of gas now.</param>
    /// <param name="native">What stakes, bonds and fees are counted in.</param>
    /// <exception cref="CommandException">It would.</exception>
    public static void RequirePublicLimits(Terms terms, Wei baseFee, Currency native)
    {
        const uint LeastRefute = 36 * 60 * 60;
        const uint MostRefute = 14 * Day;
        if (terms.RefuteSeconds is < LeastRefute or > MostRefute)
        {
            throw new CommandException(
                $"--refute-seconds: expected {LeastRefute} to {MostRefute} on a public chain, got {terms.RefuteSeconds}: "
                + "nobody loses money by sleeping. Nothing was sent.");
        }

        uint commit = Sponsor.CommitSecondsFor(terms);
        if (commit > MostSeconds || terms.CommitSeconds < commit)
        {
            throw new CommandException(
                $"--commit-seconds: expected {commit} (ten refute windows) to {MostSeconds} on a public chain, for a task that "
                + $"ends with a target accuracy, got {terms.CommitSeconds}: else demands could hold up the end until the "
                + "next round is played. Nothing was sent.");
        }

        Wei part = terms.Token.IsZero ? terms.Pool / terms.Rounds : Wei.Zero;
        Wei least = Sponsor.LeastBondOf(part, baseFee);
        if (terms.Bond < least)
        {
            throw new CommandException(
                $"--bond: expected {native.Of(least)} or more on this chain (a twentieth of a round's part of "
                    + "the pool, and what a "
                + $"refutation costs), got {native.Of(terms.Bond)}. Nothing was sent.");
        }
    }

    private static Wei MostStakeOf(Terms terms)
    {
        Wei part = terms.Pool / terms.Rounds / PoolPerStake;
        return !terms.Token.IsZero || part > MostStake ? MostStake : part;
    }

    private Wei DefaultStake(Terms defaults)
    {
        Wei most = MostStakeOf(defaults with { Token = Token ?? default });
        return defaults.Stake <= most ? defaults.Stake : most;
    }
}
