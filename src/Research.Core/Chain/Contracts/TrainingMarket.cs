using System.Buffers.Binary;
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
    private const int DemandGas = 350_000; // Half of what the contract takes an answer to cost.

    private static readonly ContractArtifact Artifact = ContractArtifact.Load("TrainingMarket");

    private static readonly Parameter[] CommitmentTypes =
        Types("uint256", "address", "uint256", "uint256", "address", "bytes32", "bytes32");

    // The result is a tuple of static members: they stand where it does.
    private static readonly Parameter[] SealTypes = Types(
        "uint256",
        "address",
        "uint256",
        "uint256",
        "address",
        "bytes32",
        "bytes32",
        "bytes32",
        "uint64",
        "uint64",
        "bytes32");

    private static readonly Parameter[] EntryTypes = Types("bytes32", "address", "bytes32", "uint256");

    private readonly ContractConnection _connection;

    /// <summary>Binds a market that is on chain.</summary>
    /// <param name="client">The node.</param>
    /// <param name="address">The market.</param>
    /// <param name="account">Who signs transactions; null only to read.</param>
    /// <param name="fromBlock">The block of its deployment, or any before: where looking for events begins.</param>
    /// <param name="index">Where events are kept between runs; null for nowhere.</param>
    public TrainingMarket(
        EthereumClient client, Address address, ISigner? account = null, ulong fromBlock = 0, EventIndex? index = null)
        : this(new ContractConnection(client, address, Artifact, account, fromBlock, index)) =>
            ArgumentNullException.ThrowIfNull(client);

    private TrainingMarket(ContractConnection connection)
    {
        _connection = connection;
        Events = new MarketEvents(connection);
        Refuter = Refuter.Of(connection, FirstContractOf(connection.Address));
    }

    /// <summary>Gets the market's ABI, as Nethereum has it.</summary>
    public static ContractABI Abi => Artifact.Abi.Value;

    /// <summary>Gets <see cref="Abi"/>, parsed when it is needed.</summary>
    internal static Lazy<ContractABI> ParsedAbi => Artifact.Abi;

    /// <summary>Gets the market's ABI as the JSON that the compiler wrote.</summary>
    public static string AbiJson => Artifact.AbiJson;

    /// <summary>Gets the Keccak-256 of a market's code, the same wherever it is deployed.</summary>
    public static Bytes32 CodeHash => Artifact.CodeHash;

    /// <summary>Gets the block from which its events are looked for.</summary>
    public ulong FromBlock => _connection.FromBlock;

    /// <summary>Gets the market's address.</summary>
    public Address Address => _connection.Address;

    /// <summary>Gets who signs transactions.</summary>
    public ISigner? Account => _connection.Signer;

    /// <summary>Gets the node.</summary>
    internal EthereumClient Client => _connection.Client;

    /// <summary>Gets the queries for events.</summary>
    public MarketEvents Events { get; }

    /// <summary>Gets the refuter that this market made, with the same account.</summary>
    /// <remarks>
    /// Its address is not asked for: it is that of the first contract that the market created. The code there is held to the
    /// refuter's before anything is asked of it.
    /// </remarks>
    public Refuter Refuter { get; }

    /// <summary>Deploys a market, which nobody owns, and with it its refuter.</summary>
    public static async Task<TrainingMarket> DeployAsync(
        EthereumClient client, ISigner deployer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        TransactionReceipt receipt = await client
            .SendAsync(
                deployer, new CallRequest { Data = Artifact.Bytecode, ParsedAbi = Artifact.Abi }, cancellationToken)
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
    public static Bytes24 CommitmentHash(
        ulong chainId,
        Address market,
        ulong taskId,
        int round,
        Address participant,
        Bytes32 updateRoot,
        Bytes32 salt) =>
        Bytes24.Of(Keccak256.Hash(StrictAbi.Encode(
            CommitmentTypes,
            new BigInteger(chainId),
            market.ToString(),
            new BigInteger(taskId),
            new BigInteger(round),
            participant.ToString(),
            updateRoot.ToArray(),
            salt.ToArray())));

    /// <summary>Gets the hash that seals a claim, computed here: result and salt stay private until it opens.</summary>
    /// <param name="chainId">The chain.</param>
    /// <param name="market">The market's address.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero.</param>
    /// <param name="claimant">Who will seal and open it.</param>
    /// <param name="result">What it says.</param>
    /// <param name="salt">32 random bytes.</param>
    public static Bytes24 SealHash(
        ulong chainId,
        Address market,
        ulong taskId,
        int round,
        Address claimant,
        ClaimResult result,
        Bytes32 salt)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Bytes24.Of(Keccak256.Hash(StrictAbi.Encode(
            SealTypes,
            new BigInteger(chainId),
            market.ToString(),
            new BigInteger(taskId),
            new BigInteger(round),
            claimant.ToString(),
            result.TraceRoot.ToArray(),
            result.ResultsRoot.ToArray(),
            result.ModelRoot.ToArray(),
            new BigInteger(result.Total),
            new BigInteger(result.Right),
            salt.ToArray())));
    }

    /// <summary>Gets a round's roster after one more reveal; it starts from zero.</summary>
    /// <param name="roster">The roster before it.</param>
    /// <param name="index">The place in reveal order, from zero.</param>
    /// <param name="participant">Who revealed.</param>
    /// <param name="updateRoot">The root that was revealed.</param>
    /// <param name="committedBlock">The block of the participant's commitment.</param>
    public static Bytes24 NextRoster(
        Bytes24 roster, int index, Address participant, Bytes32 updateRoot, ulong committedBlock)
    {
        byte[] head = new byte[Bytes32.Length];
        roster.CopyTo(head);
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(Bytes24.Length), index);
        return Bytes24.Of(Keccak256.Hash(StrictAbi.Encode(
            EntryTypes, head, participant.ToString(), updateRoot.ToArray(), new BigInteger(committedBlock))));
    }

    /// <summary>Gets the same market with another account that signs.</summary>
    public TrainingMarket As(ISigner account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return new TrainingMarket(_connection.As(account));
    }

    /// <summary>
    /// Publishes a task and locks its pool and audit fees: sent along in ETH; a token's pool is pulled, and must be
    /// approved.
    /// </summary>
    public async Task<Publication> PublishAsync(Terms terms, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(terms);
        TransactionReceipt receipt = await _connection.SendAsync(
            new Generated.PublishFunction { SpecHash = terms.SpecHash.ToArray(), Terms = terms.ToMessage() },
            terms.Token.IsZero ? terms.AuditFees + terms.Pool : terms.AuditFees,
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
    /// <param name="allowProof">See <see cref="AllowList.ProofOf"/>; null where the terms have no list.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> CommitAsync(
        ulong taskId,
        Bytes24 commitment,
        Wei stake,
        IReadOnlyList<Bytes32>? allowProof = null,
        CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.CommitFunction
            {
                TaskId = taskId,
                Commitment = commitment.ToArray(),
                AllowProof = (allowProof ?? []).ToMessage(),
            },
            stake,
            cancellationToken);

    /// <summary>Reveals the account's update of the current round, where pieces of it are demanded.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="updateRoot">The root of the commitment.</param>
    /// <param name="updateHash">SHA-256 of the update's file: only a name under which it may be fetched.</param>
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

    /// <summary>Reveals the account's update of the current round, where it travels in the reveal.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="update">Its numbers, 4 bytes each; their root is the commitment's.</param>
    /// <param name="salt">The salt of the commitment.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> RevealWholeAsync(
        ulong taskId, ReadOnlyMemory<byte> update, Bytes32 salt, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.RevealWholeFunction
            {
                TaskId = taskId,
                Update = update.ToArray(),
                Salt = salt.ToArray(),
            },
            Wei.Zero,
            cancellationToken);

    /// <summary>
    /// Writes down the hash of the block after the publication's, which chooses the records that are opened before the
    /// commitments.
    /// </summary>
    /// <param name="taskId">The task.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> PinAsync(ulong taskId, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(new Generated.PinFunction { TaskId = taskId }, Wei.Zero, cancellationToken);

    /// <summary>Demands a piece of a revealed update.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="piece">Which piece.</param>
    /// <param name="fee">For the participant, once shown; at least <see cref="DemandFeeAsync"/> in the block that takes it.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> DemandAsync(
        ulong taskId, UpdatePiece piece, Wei fee, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(piece);
        return _connection.SendAsync(
            new Generated.DemandFunction { TaskId = taskId, Piece = piece.ToMessage() }, fee, cancellationToken);
    }

    /// <summary>Shows a demanded piece of an update; the fee goes to the participant.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="piece">Which piece.</param>
    /// <param name="data">Its bytes.</param>
    /// <param name="siblings">The hashes beside the piece's subtree, from below.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> AnswerAsync(
        ulong taskId,
        UpdatePiece piece,
        ReadOnlyMemory<byte> data,
        IReadOnlyList<Bytes32> siblings,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(piece);
        return _connection.SendAsync(
            new Generated.AnswerFunction
            {
                TaskId = taskId,
                Piece = piece.ToMessage(),
                Data = data.ToArray(),
                Siblings = siblings.ToMessage(),
            },
            Wei.Zero,
            cancellationToken);
    }

    /// <summary>Returns the fee of a demand that nobody answered in time.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero.</param>
    /// <param name="participant">Whose update was demanded.</param>
    /// <param name="chunk">Which piece.</param>
    /// <param name="recipient">Where it goes; the demander, unless the demander sends it.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> ReclaimFeeAsync(
        ulong taskId,
        int round,
        Address participant,
        int chunk,
        Address recipient,
        CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.ReclaimFeeFunction
            {
                TaskId = taskId,
                Round = round,
                Participant = participant.ToString(),
                Chunk = chunk,
                Recipient = recipient.ToString(),
            },
            Wei.Zero,
            cancellationToken);

    /// <summary>Opens the next 128 evaluation keys of the current round.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="proof">What the round is scored by.</param>
    /// <param name="keys">The keys, 32 bytes each.</param>
    /// <param name="siblings">The hashes beside the keys' subtree, from below.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> OpenKeysAsync(
        ulong taskId,
        RoundProof proof,
        ReadOnlyMemory<byte> keys,
        IReadOnlyList<Bytes32> siblings,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(proof);
        return _connection.SendAsync(
            new Generated.OpenKeysFunction
            {
                TaskId = taskId,
                Proof = proof.ToMessage(),
                Keys = keys.ToArray(),
                Siblings = siblings.ToMessage(),
            },
            Wei.Zero,
            cancellationToken);
    }

    /// <summary>Seals the account's claim in the current round, and locks the bond.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="seal">See <see cref="SealHash"/>.</param>
    /// <param name="bond">The bond of the terms.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> SealClaimAsync(
        ulong taskId, Bytes24 seal, Wei bond, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.SealClaimFunction { TaskId = taskId, Seal = seal.ToArray() }, bond, cancellationToken);

    /// <summary>Opens the account's sealed claim.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="result">What the round's scoring gives.</param>
    /// <param name="salt">The salt of the seal.</param>
    /// <param name="file">SHA-256 of the file that holds the results: only a name under which it may be
    /// fetched.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> PostClaimAsync(
        ulong taskId,
        ClaimResult result,
        Bytes32 salt,
        Bytes32 file,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        return _connection.SendAsync(
            new Generated.PostClaimFunction
            {
                TaskId = taskId,
                Result = result.ToMessage(),
                Salt = salt.ToArray(),
                File = file.ToArray(),
            },
            Wei.Zero,
            cancellationToken);
    }

    /// <summary>Takes the bond of a claim that was refuted; the winner's part goes to the winner.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero.</param>
    /// <param name="claimant">Whose claim.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> StrikeAsync(
        ulong taskId, int round, Address claimant, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.StrikeFunction { TaskId = taskId, Round = round, Claimant = claimant.ToString() },
            Wei.Zero,
            cancellationToken);

    /// <summary>Fixes a round's outcome; rounds in order.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero.</param>
    /// <param name="claimant">Whose claim leads; anything where no claim decides.</param>
    /// <param name="result">What it says; <see cref="ClaimResult.None"/> where no claim decides.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> FinaliseAsync(
        ulong taskId,
        int round,
        Address claimant,
        ClaimResult result,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        return _connection.SendAsync(
            new Generated.FinaliseFunction
            {
                TaskId = taskId,
                Round = round,
                Claimant = claimant.ToString(),
                Result = result.ToMessage(),
            },
            Wei.Zero,
            cancellationToken);
    }

    /// <summary>Pays a reward of a scored round.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero.</param>
    /// <param name="reward">The reward.</param>
    /// <param name="siblings">The hashes from its leaf to the results' root, from below.</param>
    /// <param name="recipient">Where it goes; the participant, unless the participant sends it.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> ClaimRewardAsync(
        ulong taskId,
        int round,
        Reward reward,
        IReadOnlyList<Bytes32> siblings,
        Address recipient,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reward);
        return _connection.SendAsync(
            new Generated.ClaimRewardFunction
            {
                TaskId = taskId,
                Round = round,
                Index = reward.Index,
                Participant = reward.Participant.ToString(),
                Points = reward.Points,
                Siblings = siblings.ToMessage(),
                Recipient = recipient.ToString(),
            },
            Wei.Zero,
            cancellationToken);
    }

    /// <summary>Pays a claimant its bond back, with its part of the audit fee.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero.</param>
    /// <param name="claimant">Whose bond.</param>
    /// <param name="leader">Whose claim is final.</param>
    /// <param name="recipient">Where it goes; the claimant, unless the claimant sends it.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> ClaimBondAsync(
        ulong taskId,
        int round,
        Address claimant,
        Address leader,
        Address recipient,
        CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.ClaimBondFunction
            {
                TaskId = taskId,
                Round = round,
                Claimant = claimant.ToString(),
                Leader = leader.ToString(),
                Recipient = recipient.ToString(),
            },
            Wei.Zero,
            cancellationToken);

    /// <summary>Returns an empty round's own part of the pool, and its audit fee, to the sponsor.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero.</param>
    /// <param name="recipient">Where they go; the sponsor, unless the sponsor sends it.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> RefundAsync(
        ulong taskId, int round, Address recipient, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.RefundFunction { TaskId = taskId, Round = round, Recipient = recipient.ToString() },
            Wei.Zero,
            cancellationToken);

    /// <summary>Pays the account's stake back.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="recipient">Where it goes.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> WithdrawStakeAsync(
        ulong taskId, Address recipient, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.WithdrawStakeFunction { TaskId = taskId, Recipient = recipient.ToString() },
            Wei.Zero,
            cancellationToken);

    /// <summary>Burns a stake whose commitment was not revealed, or whose update was not shown, in time.</summary>
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

    /// <summary>Gets the number of tasks; they are numbered from one.</summary>
    public async Task<ulong> TaskCountAsync(CancellationToken cancellationToken = default) =>
        (await _connection.CallAsync<Generated.TaskCountFunction, Generated.TaskCountOutputDTO>(
            new(), cancellationToken).ConfigureAwait(false)).ReturnValue1.ToUInt64();

    /// <summary>Gets a task.</summary>
    /// <exception cref="MissingEventsException">The blocks looked through do not hold its publication, which alone has
    /// the hash of its specification.</exception>
    public async Task<MarketTask> GetTaskAsync(ulong taskId, CancellationToken cancellationToken = default)
    {
        Generated.Task found = await ReadTaskAsync(taskId, cancellationToken).ConfigureAwait(false);
        return MarketTask.From(
            found, await _connection.SpecHashOfAsync(taskId, cancellationToken).ConfigureAwait(false));
    }

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

    /// <summary>Gets where a participant stands.</summary>
    public async Task<Position> PositionOfAsync(
        ulong taskId, Address participant, CancellationToken cancellationToken = default) =>
        Position.From(
            (await _connection.CallAsync<Generated.PositionOfFunction, Generated.PositionOfOutputDTO>(
            new() { TaskId = taskId, Participant = participant.ToString() },
            cancellationToken).ConfigureAwait(false)).Position);

    /// <summary>Gets an account's claim in a round.</summary>
    public async Task<MarketClaim> ClaimOfAsync(
        ulong taskId, int round, Address claimant, CancellationToken cancellationToken = default) =>
        MarketClaim.From(
            (await _connection.CallAsync<Generated.ClaimOfFunction, Generated.ClaimOfOutputDTO>(
            new() { TaskId = taskId, Round = round, Claimant = claimant.ToString() },
            cancellationToken).ConfigureAwait(false)).Claim);

    /// <summary>Gets which pieces of a participant's update were demanded in a round.</summary>
    public async Task<Demands> DemandsOfAsync(
        ulong taskId, int round, Address participant, CancellationToken cancellationToken = default)
    {
        Generated.DemandsOfOutputDTO found =
            await _connection.CallAsync<Generated.DemandsOfFunction, Generated.DemandsOfOutputDTO>(
            new() { TaskId = taskId, Round = round, Participant = participant.ToString() },
            cancellationToken).ConfigureAwait(false);
        return new Demands(found.Asked.ToUInt64(), found.Open.ToUInt64());
    }

    /// <summary>Gets what a refuter must know of a claim.</summary>
    public async Task<CaseFacts> CaseOfAsync(
        ulong taskId, int round, Address claimant, CancellationToken cancellationToken = default) =>
        CaseFacts.From(
            (await _connection.CallAsync<Generated.CaseOfFunction, Generated.CaseOfOutputDTO>(
            new() { TaskId = taskId, Round = round, Claimant = claimant.ToString() },
            cancellationToken).ConfigureAwait(false)).Facts);

    /// <summary>Gets the address of the refuter that this market made; see <see cref="Refuter"/>.</summary>
    public async Task<Address> RefuterAddressAsync(CancellationToken cancellationToken = default) =>
        (await _connection.CallAsync<Generated.RefuterFunction, Generated.RefuterOutputDTO>(
            new(), cancellationToken).ConfigureAwait(false)).Refuter.ToAddress();

    /// <summary>Gets the hash that chooses the records: that of the block after the publication's; null until it is
    /// pinned.</summary>
    public async Task<Bytes32?> PinOfAsync(ulong taskId, CancellationToken cancellationToken = default)
    {
        Bytes32 pin = (await _connection.CallAsync<Generated.PinOfFunction, Generated.PinOfOutputDTO>(
            new() { TaskId = taskId }, cancellationToken).ConfigureAwait(false)).Hash.ToBytes32();
        return pin == Bytes32.Zero ? null : pin;
    }

    /// <summary>
    /// Gets whether a place in a round has a demand that is not answered; after the answer window: is out.
    /// </summary>
    public async Task<bool> IsOutAsync(
        ulong taskId, int round, int index, CancellationToken cancellationToken = default) =>
        (await _connection.CallAsync<Generated.IsOutFunction, Generated.IsOutOutputDTO>(
            new() { TaskId = taskId, Round = round, Index = index }, cancellationToken).ConfigureAwait(false)).Out;

    /// <summary>Gets whether a reward was paid.</summary>
    public async Task<bool> IsPaidAsync(
        ulong taskId, int round, int index, CancellationToken cancellationToken = default) =>
        (await _connection.CallAsync<Generated.IsPaidFunction, Generated.IsPaidOutputDTO>(
            new() { TaskId = taskId, Round = round, Index = index }, cancellationToken).ConfigureAwait(false)).Paid;

    /// <summary>Gets the least fee of a demand in the newest block; in the next it may be an eighth more.</summary>
    /// <remarks>
    /// Computed here as the contract's <c>demandFee</c> does: some nodes (Geth) show a call that pays no gas a base fee of
    /// zero, and would answer that nothing is due.
    /// </remarks>
    public async Task<Wei> DemandFeeAsync(CancellationToken cancellationToken = default) =>
        (await _connection.Client.GetBlockAsync(null, cancellationToken).ConfigureAwait(false)).BaseFeePerGas * DemandGas;

    /// <summary>Gets the hash to commit to for this market on this chain, computed here and not by the node.</summary>
    public async Task<Bytes24> CommitmentHashAsync(
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

    /// <summary>Gets the hash that seals a claim on this market and chain, computed here and not by the node.</summary>
    public async Task<Bytes24> SealHashAsync(
        ulong taskId,
        int round,
        Address claimant,
        ClaimResult result,
        Bytes32 salt,
        CancellationToken cancellationToken = default)
    {
        ulong chainId = await _connection.Client.GetChainIdAsync(cancellationToken).ConfigureAwait(false);
        return SealHash(chainId, Address, taskId, round, claimant, result, salt);
    }

    /// <summary>Gets the stake that a participant must send with its next commitment: all of it or nothing.</summary>
    /// <remarks>
    /// Nothing is due only where an update was revealed and no piece of it is missing: its stake stays. The stake of a
    /// commitment not revealed, or of an update not shown, is burned by the next commitment, and due again.
    /// </remarks>
    public async Task<Wei> StakeDueAsync(
        ulong taskId, Address participant, CancellationToken cancellationToken = default)
    {
        Generated.Task task = await ReadTaskAsync(taskId, cancellationToken).ConfigureAwait(false);
        Position position = await PositionOfAsync(taskId, participant, cancellationToken).ConfigureAwait(false);
        return position.Standing == Standing.Revealed ? Wei.Zero : new Wei(task.Terms.Stake);
    }

    // Source: Ethereum yellow paper, section 7: the last 20 bytes of keccak(RLP(creator, nonce)), and a contract's nonce
    // begins at 1 (EIP-161).
    private static Address FirstContractOf(Address creator)
    {
        byte[] rlp = [0xD6, 0x94, .. creator.ToArray(), 0x01];
        return new Address(Keccak256.Hash(rlp).ToArray().AsSpan(Bytes32.Length - Address.Length));
    }

    private static Parameter[] Types(params string[] types) =>
        [.. types.Select((type, i) => new Parameter(type, i + 1))];

    private async Task<Generated.Task> ReadTaskAsync(ulong taskId, CancellationToken cancellationToken) =>
        (await _connection.CallAsync<Generated.GetTaskFunction, Generated.GetTaskOutputDTO>(
            new() { TaskId = taskId }, cancellationToken).ConfigureAwait(false)).Task;
}
