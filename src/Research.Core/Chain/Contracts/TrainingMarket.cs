using System.Numerics;
using Nethereum.ABI.Model;
using Research.Chain.Abi;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;

namespace Research.Chain.Contracts;

/// <summary>
/// Binding of <c>contracts/src/interfaces/ITrainingMarket.sol</c>; member order follows the interface.
/// </summary>
/// <remarks>
/// Methods that change something send a transaction signed by <see cref="Account"/> and return once it is mined; they
/// throw <see cref="RevertException"/> with the market's own error, of which the interface lists all. The documentation
/// here says what each does in one line; its conditions and warnings are on the interface.
/// </remarks>
public sealed class TrainingMarket
{
    private static readonly ContractArtifact Artifact = ContractArtifact.Load("TrainingMarket");

    private static readonly Parameter[] CommitmentTypes =
    [
        .. ((string[])["uint256", "address", "uint256", "uint256", "address", "bytes32", "bytes32"])
            .Select((type, i) => new Parameter(type, i + 1)),
    ];

    private readonly ContractConnection _connection;

    /// <summary>Binds a market that is on chain.</summary>
    /// <param name="client">The node.</param>
    /// <param name="address">The market.</param>
    /// <param name="account">Who signs transactions; null only to read.</param>
    /// <param name="fromBlock">The block of its deployment, or any before: where looking for events begins.</param>
    public TrainingMarket(
        EthereumClient client, Address address, ISigner? account = null, ulong fromBlock = 0)
        : this(new ContractConnection(client, address, Artifact, account, fromBlock)) =>
            ArgumentNullException.ThrowIfNull(client);

    private TrainingMarket(ContractConnection connection)
    {
        _connection = connection;
        Events = new MarketEvents(connection);
    }

    /// <summary>Gets the market's ABI, as Nethereum has it.</summary>
    public static ContractABI Abi => Artifact.Abi.Value;

    /// <summary>Gets <see cref="Abi"/>, parsed when it is needed.</summary>
    internal static Lazy<ContractABI> ParsedAbi => Artifact.Abi;

    /// <summary>Gets the market's ABI as the JSON that the compiler wrote.</summary>
    public static string AbiJson => Artifact.AbiJson;

    /// <summary>Gets the market's address.</summary>
    public Address Address => _connection.Address;

    /// <summary>Gets who signs transactions.</summary>
    public ISigner? Account => _connection.Signer;

    /// <summary>Gets the node.</summary>
    internal EthereumClient Client => _connection.Client;

    /// <summary>Gets the queries for events.</summary>
    public MarketEvents Events { get; }

    /// <summary>Deploys a market, which nobody owns.</summary>
    public static async Task<TrainingMarket> DeployAsync(
        EthereumClient client, ISigner deployer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        TransactionReceipt receipt = await client
            .SendAsync(deployer, new CallRequest { Data = Artifact.Bytecode, ParsedAbi = Artifact.Abi }, cancellationToken)
            .ConfigureAwait(false);
        Address address = receipt.ContractAddress
            ?? throw new RpcFormatException("receipt.contractAddress", "the deployed contract", "nothing");
        return new TrainingMarket(client, address, deployer, receipt.BlockNumber);
    }

    /// <summary>Gets the hash to commit to, computed here: the salt stays private until the reveal.</summary>
    /// <param name="chainId">The chain.</param>
    /// <param name="market">The market's address.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero.</param>
    /// <param name="participant">Who will commit and reveal.</param>
    /// <param name="updateRoot">Root of the tree over the update's numbers.</param>
    /// <param name="salt">32 random bytes.</param>
    public static Bytes32 CommitmentHash(
        ulong chainId,
        Address market,
        ulong taskId,
        int round,
        Address participant,
        Bytes32 updateRoot,
        Bytes32 salt) =>
        Keccak256.Hash(StrictAbi.Encode(
            CommitmentTypes,
            new BigInteger(chainId),
            market.ToString(),
            new BigInteger(taskId),
            new BigInteger(round),
            participant.ToString(),
            updateRoot.ToArray(),
            salt.ToArray()));

    /// <summary>Gets a round's beacon after one more reveal; it starts from zero.</summary>
    public static Bytes32 NextBeacon(Bytes32 beacon, Bytes32 salt) =>
        Keccak256.Hash([.. beacon.ToArray(), .. salt.ToArray()]);

    /// <summary>Gets the same market with another account that signs.</summary>
    public TrainingMarket As(ISigner account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return new TrainingMarket(_connection.As(account));
    }

    /// <summary>
    /// Publishes a task and locks its pool: sent along in ETH, or pulled from a token that was approved.
    /// </summary>
    public async Task<Publication> PublishAsync(Terms terms, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(terms);
        TransactionReceipt receipt = await _connection.SendAsync(
            new Generated.PublishFunction { Terms = terms.ToMessage() },
            terms.Token.IsZero ? terms.Pool : Wei.Zero,
            cancellationToken).ConfigureAwait(false);
        EventLog log = receipt.Logs.FirstOrDefault(log =>
            log.Address == Address
            && log.Topics.Count > 0
            && log.Topics[0] == StrictAbi.TopicOf<Generated.TaskPublishedEventDTO>())
            ?? throw new RpcFormatException("receipt.logs", "TaskPublished", "none");
        return new Publication(
            TaskPublished.From(StrictAbi.DecodeEvent<Generated.TaskPublishedEventDTO>(log), log).TaskId, receipt);
    }

    /// <summary>Commits to an update in the current round.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="commitment">See <see cref="CommitmentHash"/>.</param>
    /// <param name="stake">What is due: see <see cref="StakeDueAsync"/>.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> CommitAsync(
        ulong taskId, Bytes32 commitment, Wei stake, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.CommitFunction
            {
                TaskId = taskId,
                Commitment = commitment.ToArray(),
            },
            stake,
            cancellationToken);

    /// <summary>Reveals the account's update of the current round.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="updateRoot">The root of the commitment.</param>
    /// <param name="updateHash">SHA-256 of the update's file: only the name under which it can be fetched.</param>
    /// <param name="salt">The salt of the commitment.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> RevealAsync(
        ulong taskId,
        Bytes32 updateRoot,
        Bytes32 updateHash,
        Bytes32 salt,
        CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.RevealFunction
            {
                TaskId = taskId,
                UpdateRoot = updateRoot.ToArray(),
                UpdateHash = updateHash.ToArray(),
                Salt = salt.ToArray(),
            },
            Wei.Zero,
            cancellationToken);

    /// <summary>Posts the current round's rewards and model, and locks the bond.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="root">Root of a <see cref="ClaimTree"/>.</param>
    /// <param name="total">Its total.</param>
    /// <param name="modelHash">SHA-256 of the round's model.</param>
    /// <param name="traceRoot">Root of the tree over the 128-byte leaves of the trace.</param>
    /// <param name="bond">The bond of the terms.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> PostScoreAsync(
        ulong taskId,
        Bytes32 root,
        Wei total,
        Bytes32 modelHash,
        Bytes32 traceRoot,
        Wei bond,
        CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.PostScoreFunction
            {
                TaskId = taskId,
                Root = root.ToArray(),
                Total = total.Amount,
                ModelHash = modelHash.ToArray(),
                TraceRoot = traceRoot.ToArray(),
            },
            bond,
            cancellationToken);

    /// <summary>Challenges the current round's score with another root, and locks the bond.</summary>
    public Task<TransactionReceipt> ChallengeAsync(
        ulong taskId, Bytes32 root, Wei bond, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.ChallengeFunction { TaskId = taskId, Root = root.ToArray() }, bond, cancellationToken);

    /// <summary>Fixes a round's outcome and credits its bonds.</summary>
    public Task<TransactionReceipt> FinaliseAsync(
        ulong taskId, int round, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.FinaliseFunction { TaskId = taskId, Round = round }, Wei.Zero, cancellationToken);

    /// <summary>Pays a scored reward to its participant.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero.</param>
    /// <param name="claim">The reward.</param>
    /// <param name="proof">See <see cref="ClaimTree.ProofOf"/>.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> ClaimAsync(
        ulong taskId,
        int round,
        RewardClaim claim,
        IReadOnlyList<Bytes32> proof,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return _connection.SendAsync(
            new Generated.ClaimFunction
            {
                TaskId = taskId,
                Round = round,
                Index = claim.Index,
                Participant = claim.Participant.ToString(),
                Amount = claim.Amount.Amount,
                Proof = [.. proof.Select(sibling => sibling.ToArray())],
            },
            Wei.Zero,
            cancellationToken);
    }

    /// <summary>Pays a participant's equal part of a round that ended in <see cref="Outcome.DefaultSplit"/>.</summary>
    public Task<TransactionReceipt> ClaimDefaultAsync(
        ulong taskId, int round, Address participant, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.ClaimDefaultFunction
            {
                TaskId = taskId,
                Round = round,
                Participant = participant.ToString(),
            },
            Wei.Zero,
            cancellationToken);

    /// <summary>Returns to the sponsor all of the pool that was not paid, once claims are closed.</summary>
    public Task<TransactionReceipt> RefundAsync(ulong taskId, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.RefundFunction { TaskId = taskId }, Wei.Zero, cancellationToken);

    /// <summary>Pays the account's stake back.</summary>
    public Task<TransactionReceipt> WithdrawStakeAsync(ulong taskId, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.WithdrawStakeFunction { TaskId = taskId }, Wei.Zero, cancellationToken);

    /// <summary>Forfeits a stake whose commitment was not revealed in time.</summary>
    public Task<TransactionReceipt> ForfeitStakeAsync(
        ulong taskId, Address participant, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.ForfeitStakeFunction
            {
                TaskId = taskId,
                Participant = participant.ToString(),
            },
            Wei.Zero,
            cancellationToken);

    /// <summary>Pays the account its credit: returned bonds and forfeited stakes.</summary>
    public Task<TransactionReceipt> WithdrawAsync(CancellationToken cancellationToken = default) =>
        _connection.SendAsync(new Generated.WithdrawFunction(), Wei.Zero, cancellationToken);

    /// <summary>Gets the number of tasks; they are numbered from one.</summary>
    public async Task<ulong> TaskCountAsync(CancellationToken cancellationToken = default) =>
        (await _connection.CallAsync<Generated.TaskCountFunction, Generated.TaskCountOutputDTO>(
            new(), cancellationToken).ConfigureAwait(false)).ReturnValue1.ToUInt64();

    /// <summary>Gets a task.</summary>
    public async Task<MarketTask> GetTaskAsync(ulong taskId, CancellationToken cancellationToken = default) =>
        MarketTask.From((await _connection.CallAsync<Generated.GetTaskFunction, Generated.GetTaskOutputDTO>(
            new() { TaskId = taskId }, cancellationToken).ConfigureAwait(false)).Task);

    /// <summary>Gets the state of a round.</summary>
    public async Task<Round> GetRoundAsync(ulong taskId, int round, CancellationToken cancellationToken = default) =>
        Contracts.Round.From(
            (await _connection.CallAsync<Generated.GetRoundFunction, Generated.GetRoundOutputDTO>(
            new() { TaskId = taskId, Round = round }, cancellationToken).ConfigureAwait(false)).State);

    /// <summary>Gets where a task stands, by the newest block's time; see <see cref="NextTimestampAsync"/>.</summary>
    public async Task<TaskPosition> PhaseOfAsync(ulong taskId, CancellationToken cancellationToken = default)
    {
        Generated.PhaseOfOutputDTO found =
            await _connection.CallAsync<Generated.PhaseOfFunction, Generated.PhaseOfOutputDTO>(
            new() { TaskId = taskId }, cancellationToken).ConfigureAwait(false);
        return new TaskPosition(found.Round.ToInt32(), found.Phase.ToEnum<Phase>());
    }

    /// <summary>Gets the time of a transaction sent now, in Unix seconds, for <see cref="TaskClock"/>.</summary>
    public Task<ulong> NextTimestampAsync(CancellationToken cancellationToken = default) =>
        _connection.Client.GetNextTimestampAsync(cancellationToken);

    /// <summary>Gets a round's windows.</summary>
    public async Task<Schedule> ScheduleOfAsync(
        ulong taskId, int round, CancellationToken cancellationToken = default) =>
        Schedule.From(
            (await _connection.CallAsync<Generated.ScheduleOfFunction, Generated.ScheduleOfOutputDTO>(
            new() { TaskId = taskId, Round = round }, cancellationToken).ConfigureAwait(false)).Schedule);

    /// <summary>Gets when a task's claims close and its refund opens, in Unix seconds.</summary>
    public async Task<ulong> ClaimDeadlineAsync(ulong taskId, CancellationToken cancellationToken = default) =>
        (await _connection.CallAsync<Generated.ClaimDeadlineFunction, Generated.ClaimDeadlineOutputDTO>(
            new() { TaskId = taskId }, cancellationToken).ConfigureAwait(false)).Deadline.ToUInt64();

    /// <summary>Gets a round's part of the pool; the parts of all rounds sum to the pool.</summary>
    public async Task<Wei> RoundPoolAsync(ulong taskId, int round, CancellationToken cancellationToken = default) =>
        (await _connection.CallAsync<Generated.RoundPoolFunction, Generated.RoundPoolOutputDTO>(
            new() { TaskId = taskId, Round = round }, cancellationToken).ConfigureAwait(false)).Amount.ToWei();

    /// <summary>Gets the hash to commit to for this market on this chain, computed here and not by the node.</summary>
    public async Task<Bytes32> CommitmentHashAsync(
        ulong taskId,
        int round,
        Address participant,
        Bytes32 updateRoot,
        Bytes32 salt,
        CancellationToken cancellationToken = default)
    {
        ulong chainId = await _connection.Client.GetChainIdAsync(cancellationToken).ConfigureAwait(false);
        return CommitmentHash(chainId, Address, taskId, round, participant, updateRoot, salt);
    }

    /// <summary>Gets a participant's unrevealed commitment.</summary>
    public async Task<OpenCommitment> CommitmentOfAsync(
        ulong taskId, Address participant, CancellationToken cancellationToken = default)
    {
        Generated.CommitmentOfOutputDTO found =
            await _connection.CallAsync<Generated.CommitmentOfFunction, Generated.CommitmentOfOutputDTO>(
            new() { TaskId = taskId, Participant = participant.ToString() }, cancellationToken).ConfigureAwait(false);
        return new OpenCommitment(found.Round.ToInt32(), found.Commitment.ToBytes32());
    }

    /// <summary>Gets a participant's place in a round's reveal order, or null if it did not reveal.</summary>
    public async Task<int?> RevealIndexOfAsync(
        ulong taskId, int round, Address participant, CancellationToken cancellationToken = default)
    {
        Generated.RevealIndexOfOutputDTO found =
            await _connection.CallAsync<Generated.RevealIndexOfFunction, Generated.RevealIndexOfOutputDTO>(
            new() { TaskId = taskId, Round = round, Participant = participant.ToString() },
            cancellationToken).ConfigureAwait(false);
        return found.Revealed ? found.Index.ToInt32() : null;
    }

    /// <summary>Gets whether a reward was paid.</summary>
    public async Task<bool> IsClaimedAsync(
        ulong taskId, int round, int index, CancellationToken cancellationToken = default)
    {
        Generated.IsClaimedOutputDTO found =
            await _connection.CallAsync<Generated.IsClaimedFunction, Generated.IsClaimedOutputDTO>(
            new() { TaskId = taskId, Round = round, Index = index }, cancellationToken).ConfigureAwait(false);
        return found.Claimed;
    }

    /// <summary>Gets the stake that a participant has locked in a task.</summary>
    public async Task<Wei> StakeOfAsync(
        ulong taskId, Address participant, CancellationToken cancellationToken = default) =>
        (await _connection.CallAsync<Generated.StakeOfFunction, Generated.StakeOfOutputDTO>(
            new() { TaskId = taskId, Participant = participant.ToString() },
            cancellationToken).ConfigureAwait(false)).Amount.ToWei();

    /// <summary>Gets what an account can withdraw.</summary>
    public async Task<Wei> CreditOfAsync(Address account, CancellationToken cancellationToken = default) =>
        (await _connection.CallAsync<Generated.CreditOfFunction, Generated.CreditOfOutputDTO>(
            new() { Account = account.ToString() }, cancellationToken).ConfigureAwait(false)).Amount.ToWei();

    /// <summary>Gets the stake that a participant must send with its next commitment: all of it or nothing.</summary>
    public async Task<Wei> StakeDueAsync(
        ulong taskId, Address participant, CancellationToken cancellationToken = default)
    {
        MarketTask task = await GetTaskAsync(taskId, cancellationToken).ConfigureAwait(false);
        Wei locked = await StakeOfAsync(taskId, participant, cancellationToken).ConfigureAwait(false);
        OpenCommitment open = await CommitmentOfAsync(taskId, participant, cancellationToken).ConfigureAwait(false);
        TaskPosition now = task.Terms.PositionAt(await NextTimestampAsync(cancellationToken).ConfigureAwait(false));
        bool isForfeited = open.Commitment != Bytes32.Zero && open.Round < now.Round;
        return locked == Wei.Zero || isForfeited ? task.Terms.Stake : Wei.Zero;
    }
}
