using System.Globalization;
using System.Numerics;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation;
using Research.Federation.Scoring;
using Research.Interactive.Scores;
using Research.Market;
using Research.Privacy.Ledger;
using Research.Training;

namespace Research.Cli.Demo;

/// <summary>One owner in play, and the notes on it that end up in the tables.</summary>
internal sealed class DemoActor
{
    private readonly EthereumClient _client;
    private readonly DemoFolder _folder;
    private readonly Wei _startingBalance;
    private readonly List<DemoParticipantRound> _rounds = [];
    private IReadOnlyList<double?> _losses = [];
    private PrivacyLedger? _ledger;
    private double _epsilon;
    private string? _original;

    private DemoActor(
        DemoOwner owner, OpenTask task, TrainingMarket market, EthereumClient client, DemoFolder folder, Wei balance)
    {
        Owner = owner;
        Task = task;
        Market = market;
        Participant = new Participant(task, market, folder.Own(owner));
        _client = client;
        _folder = folder;
        _startingBalance = balance;
    }

    public DemoOwner Owner { get; }

    public string Name => Owner.Name;

    public OpenTask Task { get; }

    public TrainingMarket Market { get; }

    public Participant Participant { get; }

    public ModelUpdate LastUpdate { get; private set; } = null!;

    public Wei LastReward { get; private set; }

    public static async Task<DemoActor> EnterAsync(
        DemoOwner owner,
        OpenTask task,
        TrainingMarket market,
        EthereumClient client,
        DemoFolder folder,
        CancellationToken cancellationToken)
    {
        Wei balance = await client.GetBalanceAsync(market.Account!.Address, cancellationToken).ConfigureAwait(false);
        return new DemoActor(owner, task, market, client, folder, balance);
    }

    /// <summary>Gets the owner's own ledger, with the owner's cap, in the owner's home.</summary>
    public PrivacyLedger OpenLedger() => _ledger ??= PrivacyLedger.Open(_folder.Own(Owner));

    /// <summary>Writes what the owner shows of the ledger.</summary>
    public async Task StateAsync(CancellationToken cancellationToken)
    {
        if (_ledger is not null)
        {
            string path = _folder.Statement(Owner);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, _ledger.Statement() + "\n", cancellationToken).ConfigureAwait(false);
        }
    }

    public void Trained(TrainingRun run, double epsilon)
    {
        _losses = [.. run.LossCurve.Select(point => point.Loss)];
        _epsilon = epsilon;
    }

    public void Committed(ModelUpdate update) => LastUpdate = update;

    public void Scored(ScoredRound scored, ParticipantScore score, Wei reward, string? original)
    {
        _original = original;
        LastReward = reward;
        _rounds.Add(new DemoParticipantRound(
            scored.Round + 1,
            _epsilon,
            score.Signal,
            score.Share,
            Text(reward.Amount),
            LastUpdate.Hash.ToString(),
            original is null ? score.Reason : $"copied {original}, who committed first: the same work is paid once",
            scored.Explain(score.Index).ToDictionary(line => line.Subject, line => line.Text),
            _losses));
    }

    public async Task<DemoParticipant> ResultAsync(DemoChainLog log, CancellationToken cancellationToken)
    {
        Wei balance = await _client.GetBalanceAsync(Participant.Address, cancellationToken).ConfigureAwait(false);
        BigInteger reward = _rounds.Aggregate(
            BigInteger.Zero, (sum, round) => sum + BigInteger.Parse(round.RewardWei, CultureInfo.InvariantCulture));
        return new DemoParticipant(
            Name,
            Owner.RoleText,
            Participant.Address.ToString(),
            Owner.Records.Count,
            _epsilon,
            _rounds.Average(round => round.Share),
            Text(reward),
            Text(log.FeesOf(Name).Amount),
            Text(balance.Amount - _startingBalance.Amount),
            Why(),
            _rounds);
    }

    private string Why()
    {
        if (_original is not null)
        {
            return $"copied the update of {_original}, who committed first: the same work is paid once";
        }

        string shares = string.Join(
            ", ", _rounds.Select(round => round.Share.ToString("0.00", CultureInfo.InvariantCulture)));
        bool isPaid = _rounds.Any(round => round.RewardWei != "0");
        return (isPaid, _rounds.Average(round => round.Share) < 0) switch
        {
            (true, _) => $"moved the model where fresh records want it: {shares} of a full share's signal",
            (false, true) => $"made the model worse: {shares} of a full share's signal",
            _ => $"cannot be told from noise: {shares} of a full share's signal",
        };
    }

    private static string Text(BigInteger amount) => amount.ToString(CultureInfo.InvariantCulture);
}
