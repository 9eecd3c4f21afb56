using System.Numerics;
using Nethereum.ABI.Model;
using Nethereum.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;

namespace Research.Chain.Contracts;

/// <summary>Binding of <c>contracts/src/interfaces/IRefuter.sol</c>; member order follows the interface.</summary>
/// <remarks>
/// Methods that change something send a transaction signed by <see cref="Account"/> and return once it is mined; they
/// throw <see cref="RevertException"/> with the refuter's own error, of which the interface lists all. Nothing is asked of a
/// contract whose code is not the refuter's. A market has its own: <see cref="TrainingMarket.Refuter"/>.
/// </remarks>
public sealed class Refuter
{
    /// <summary>The unit in which fees are kept, in wei: a fee is a multiple of it.</summary>
    public const int FeeUnit = 1 << 30;

    private const int AnswerGas = 45_000; // What the contract takes an answer to cost.
    private const int FeePerAnswer = 4;
    private const ulong RefutationGas = 1_000_000; // The dearest step takes some 280,000 (contracts/snapshots).

    private static readonly ContractArtifact Artifact = ContractArtifact.Load("Refuter");

    private readonly ContractConnection _connection;

    /// <summary>Binds a refuter that is on chain.</summary>
    /// <param name="client">The node.</param>
    /// <param name="address">The refuter.</param>
    /// <param name="account">Who signs transactions; null only to read.</param>
    /// <param name="fromBlock">The block of its deployment, or any before: where looking for events begins.</param>
    public Refuter(EthereumClient client, Address address, ISigner? account = null, ulong fromBlock = 0)
        : this(new ContractConnection(client, address, Artifact, account, fromBlock)) =>
            ArgumentNullException.ThrowIfNull(client);

    private Refuter(ContractConnection connection)
    {
        _connection = connection;
        Events = new RefuterEvents(connection);
    }

    /// <summary>Gets the refuter's ABI, as Nethereum has it.</summary>
    public static ContractABI Abi => Artifact.Abi.Value;

    /// <summary>Gets the refuter's ABI as the JSON that the compiler wrote.</summary>
    public static string AbiJson => Artifact.AbiJson;

    /// <summary>Gets the refuter's address.</summary>
    public Address Address => _connection.Address;

    /// <summary>Gets who signs transactions.</summary>
    public ISigner? Account => _connection.Signer;

    /// <summary>Gets the queries for events.</summary>
    public RefuterEvents Events { get; }

    /// <summary>Gets the call that refutes a claim by a step of its trace, whose operands do not give its output.</summary>
    /// <param name="claimed">The claim.</param>
    /// <param name="step">The step.</param>
    public static RefutationCall RefuteStep(RefuterCase claimed, ProvedStep step)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        ArgumentNullException.ThrowIfNull(step);
        return CallOf("refuteStep", new Generated.Refuter.RefuteStepFunction
        {
            Claimed = claimed.ToMessage(),
            Step = step.ToMessage(),
        });
    }

    /// <summary>
    /// Gets the call that refutes a claim by a byte of its trace that fills up a leaf behind an array, and is not zero.
    /// </summary>
    /// <param name="claimed">The claim.</param>
    /// <param name="record">The array's record.</param>
    /// <param name="at">The coordinates of the loops around it.</param>
    /// <param name="output">The array's last leaf.</param>
    public static RefutationCall RefutePadding(
        RefuterCase claimed, ProvedRecord record, BigInteger at, ShownLeaves output)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(output);
        return CallOf("refutePadding", new Generated.Refuter.RefutePaddingFunction
        {
            Claimed = claimed.ToMessage(),
            Record = record.ToMessage(),
            At = at,
            Output = output.ToMessage(),
        });
    }

    /// <summary>Gets the call that refutes a claim by a leaf behind the end of its trace that is not zero.</summary>
    /// <param name="claimed">The claim.</param>
    /// <param name="proof">What the round is scored by.</param>
    /// <param name="keys">Root of the round's keys.</param>
    /// <param name="output">The leaf.</param>
    public static RefutationCall RefuteEnd(
        RefuterCase claimed, RoundProof proof, Bytes32 keys, ShownLeaves output)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        ArgumentNullException.ThrowIfNull(proof);
        ArgumentNullException.ThrowIfNull(output);
        return CallOf("refuteEnd", new Generated.Refuter.RefuteEndFunction
        {
            Claimed = claimed.ToMessage(),
            Proof = proof.ToRefuterMessage(),
            Keys = keys.ToArray(),
            Output = output.ToMessage(),
        });
    }

    /// <summary>
    /// Gets the call that refutes a claim that says another model, total or accuracy than its own trace.
    /// </summary>
    /// <param name="claimed">The claim.</param>
    /// <param name="proof">What the round is scored by.</param>
    /// <param name="keys">Root of the round's keys.</param>
    /// <param name="field">What differs.</param>
    /// <param name="output">The leaf of the trace that has it.</param>
    public static RefutationCall RefuteField(
        RefuterCase claimed, RoundProof proof, Bytes32 keys, CaseField field, ShownLeaves output)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        ArgumentNullException.ThrowIfNull(proof);
        ArgumentNullException.ThrowIfNull(output);
        return CallOf("refuteField", new Generated.Refuter.RefuteFieldFunction
        {
            Claimed = claimed.ToMessage(),
            Proof = proof.ToRefuterMessage(),
            Keys = keys.ToArray(),
            Field = (byte)field,
            Output = output.ToMessage(),
        });
    }

    /// <summary>
    /// Gets the call that refutes a claim whose results do not say what its own trace says of a participant, or are not
    /// zero behind the last one.
    /// </summary>
    /// <param name="claimed">The claim.</param>
    /// <param name="proof">What the round is scored by.</param>
    /// <param name="keys">Root of the round's keys.</param>
    /// <param name="result">The leaf of the results.</param>
    /// <param name="entry">The participant's entry in the trace; <see cref="ShownLeaves.None"/> behind the last
    /// participant.</param>
    /// <param name="points">The leaf of the trace that has the points; likewise.</param>
    public static RefutationCall RefuteResult(
        RefuterCase claimed,
        RoundProof proof,
        Bytes32 keys,
        ShownLeaves result,
        ShownLeaves entry,
        ShownLeaves points)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        ArgumentNullException.ThrowIfNull(proof);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(points);
        return CallOf("refuteResult", new Generated.Refuter.RefuteResultFunction
        {
            Claimed = claimed.ToMessage(),
            Proof = proof.ToRefuterMessage(),
            Keys = keys.ToArray(),
            Result = result.ToMessage(),
            Entry = entry.ToMessage(),
            Points = points.ToMessage(),
        });
    }

    /// <summary>Gets the same refuter with another account that signs.</summary>
    public Refuter As(ISigner account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return new Refuter(_connection.As(account));
    }

    /// <summary>Announces a refutation, so that nobody who sees it can send it first.</summary>
    /// <param name="intent">See <see cref="RefutationCall.IntentOf"/>.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> IntendAsync(Bytes32 intent, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.Refuter.IntendFunction { Intent = intent.ToArray() }, Wei.Zero, cancellationToken);

    /// <summary>Throws where a refutation would not hold; nothing is sent. It need not be announced for that.</summary>
    /// <param name="call">The refutation.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="RevertException">It would not, for example <c>IsRight</c>.</exception>
    public async Task RequireHoldsAsync(RefutationCall call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        try
        {
            await _connection.CallAsync(call.Data, cancellationToken).ConfigureAwait(false);
        }
        catch (RevertException e) when (e.ErrorName == "NotIntended")
        {
            // The refuter looks for the announcement last.
        }
    }

    /// <summary>Sends a refutation that the account has announced in an earlier block.</summary>
    /// <param name="call">The refutation.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> RefuteAsync(RefutationCall call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return _connection.SendAsync(call.Function, call.Data, Wei.Zero, cancellationToken);
    }

    /// <summary>Sends a refutation that was announced in the newest block, for the next one.</summary>
    /// <remarks>A node estimates by its newest block, in which the refutation is announced and would not hold yet: so it is
    /// looked at beforehand (<see cref="RequireHoldsAsync"/>), and goes with gas for any.</remarks>
    /// <param name="call">The refutation.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    internal Task<TransactionReceipt> RefuteNextAsync(RefutationCall call, CancellationToken cancellationToken) =>
        _connection.SendAsync(call.Function, call.Data, Wei.Zero, cancellationToken, RefutationGas);

    /// <summary>Demands a node of a claim's tree, in the time of its level.</summary>
    /// <param name="claimed">The claim.</param>
    /// <param name="tree">Which tree.</param>
    /// <param name="level">Which step of the descent, from zero for the root.</param>
    /// <param name="index">The node's number on its level of the tree.</param>
    /// <param name="node">The node.</param>
    /// <param name="siblings">The hashes beside its way to the root, from below.</param>
    /// <param name="fee">For who answers; at least <see cref="FeeAsync"/> in the block that takes it.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> DemandAsync(
        RefuterCase claimed,
        CaseTree tree,
        int level,
        ulong index,
        Bytes32 node,
        IReadOnlyList<Bytes32> siblings,
        Wei fee,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        return _connection.SendAsync(
            new Generated.Refuter.DemandFunction
            {
                Claimed = claimed.ToMessage(),
                Tree = (byte)tree,
                Level = level,
                Index = index,
                Node = node.ToArray(),
                Siblings = siblings.ToMessage(),
            },
            fee,
            cancellationToken);
    }

    /// <summary>Opens a demanded node; the fee is the case's party's.</summary>
    /// <param name="id">The case.</param>
    /// <param name="tree">Which tree.</param>
    /// <param name="level">Which step of the descent.</param>
    /// <param name="data">The node's descendants, or the leaf.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> AnswerAsync(
        Bytes32 id,
        CaseTree tree,
        int level,
        ReadOnlyMemory<byte> data,
        CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.Refuter.AnswerFunction
            {
                Id = id.ToArray(),
                Tree = (byte)tree,
                Level = level,
                Data = data.ToArray(),
            },
            Wei.Zero,
            cancellationToken);

    /// <summary>Opens a demanded node in the name of the account's own claim, which then has the fee.</summary>
    /// <param name="market">The market.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="round">The round, from zero.</param>
    /// <param name="tree">Which tree.</param>
    /// <param name="level">Which step of the descent.</param>
    /// <param name="data">The node's descendants, or the leaf.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> AnswerOwnAsync(
        Address market,
        ulong taskId,
        int round,
        CaseTree tree,
        int level,
        ReadOnlyMemory<byte> data,
        CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.Refuter.AnswerOwnFunction
            {
                Market = market.ToString(),
                TaskId = taskId,
                Round = round,
                Tree = (byte)tree,
                Level = level,
                Data = data.ToArray(),
            },
            Wei.Zero,
            cancellationToken);

    /// <summary>Lets a case fall whose node was not opened in time; who demanded it wins.</summary>
    /// <param name="id">The case.</param>
    /// <param name="tree">Which tree.</param>
    /// <param name="level">Which step of the descent.</param>
    /// <param name="node">The node.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> ExpireAsync(
        Bytes32 id, CaseTree tree, int level, Bytes32 node, CancellationToken cancellationToken = default) =>
        _connection.SendAsync(
            new Generated.Refuter.ExpireFunction
            {
                Id = id.ToArray(),
                Tree = (byte)tree,
                Level = level,
                Node = node.ToArray(),
            },
            Wei.Zero,
            cancellationToken);

    /// <summary>Pays the fee of a demand to whom it is due.</summary>
    /// <param name="claimed">The claim; where another claimant answered in its own name, that one's.</param>
    /// <param name="tree">Which tree.</param>
    /// <param name="level">Which step of the descent.</param>
    /// <param name="node">The node.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    public Task<TransactionReceipt> PayFeeAsync(
        RefuterCase claimed, CaseTree tree, int level, Bytes32 node, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        return _connection.SendAsync(
            new Generated.Refuter.PayFeeFunction
            {
                Claimed = claimed.ToMessage(),
                Tree = (byte)tree,
                Level = level,
                Node = node.ToArray(),
            },
            Wei.Zero,
            cancellationToken);
    }

    /// <summary>Gets what became of a case.</summary>
    public async Task<CaseStanding> StandingAsync(Bytes32 id, CancellationToken cancellationToken = default)
    {
        Generated.Refuter.StandingOutputDTO found =
            await _connection.CallAsync<Generated.Refuter.StandingFunction, Generated.Refuter.StandingOutputDTO>(
            new() { Id = id.ToArray() }, cancellationToken).ConfigureAwait(false);
        Address winner = found.Winner.ToAddress();
        return new CaseStanding(winner.IsZero ? null : winner, found.Settled.ToUInt64());
    }

    /// <summary>Gets how far a case is.</summary>
    public async Task<CaseBoard> BoardOfAsync(Bytes32 id, CancellationToken cancellationToken = default) =>
        CaseBoard.From(
            (await _connection.CallAsync<Generated.Refuter.BoardOfFunction, Generated.Refuter.BoardOfOutputDTO>(
            new() { Id = id.ToArray() }, cancellationToken).ConfigureAwait(false)).Board);

    /// <summary>Gets a demand; all zero where there is none, or its fee was paid.</summary>
    public async Task<NodeDemand> DemandOfAsync(
        Bytes32 id, CaseTree tree, int level, Bytes32 node, CancellationToken cancellationToken = default) =>
        NodeDemand.From(
            (await _connection.CallAsync<Generated.Refuter.DemandOfFunction, Generated.Refuter.DemandOfOutputDTO>(
            new() { Id = id.ToArray(), Tree = (byte)tree, Level = level, Node = node.ToArray() },
            cancellationToken).ConfigureAwait(false)).Demanded);

    /// <summary>Gets the block of an intent; null for none.</summary>
    public async Task<ulong?> IntendedAtAsync(Bytes32 intent, CancellationToken cancellationToken = default)
    {
        ulong number =
            (await _connection.CallAsync<Generated.Refuter.IntendedAtFunction, Generated.Refuter.IntendedAtOutputDTO>(
            new() { Intent = intent.ToArray() }, cancellationToken).ConfigureAwait(false)).Number.ToUInt64();
        return number == 0 ? null : number;
    }

    /// <summary>Gets the least fee of a demand in the newest block; in the next it may be an eighth more.</summary>
    /// <remarks>
    /// Computed here as the contract's <c>fee</c> does: some nodes (Geth) show a call that pays no gas a base fee of
    /// zero, and would answer that nothing is due.
    /// </remarks>
    public async Task<Wei> FeeAsync(CancellationToken cancellationToken = default)
    {
        Block newest = await _connection.Client.GetBlockAsync(null, cancellationToken).ConfigureAwait(false);
        BigInteger least = newest.BaseFeePerGas.Amount * AnswerGas * FeePerAnswer;
        return new Wei((least + FeeUnit - 1) / FeeUnit * FeeUnit);
    }

    /// <summary>Computes one step, as SCORING.md has it of its kind; the contract's own word.</summary>
    /// <param name="record">The record, 32 words.</param>
    /// <param name="coordinate">The step's coordinate in its record's last loop.</param>
    /// <param name="place">The address of its output.</param>
    /// <param name="a">What it reads of its first operand.</param>
    /// <param name="b">Of its second.</param>
    /// <param name="c">Of its third.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ArgumentException">The record has not 32 words.</exception>
    public async Task<ReadOnlyMemory<byte>> ComputeAsync(
        IReadOnlyList<Bytes32> record,
        ulong coordinate,
        ulong place,
        ReadOnlyMemory<byte> a,
        ReadOnlyMemory<byte> b,
        ReadOnlyMemory<byte> c,
        CancellationToken cancellationToken = default)
    {
        const int Words = 32;
        ArgumentNullException.ThrowIfNull(record);
        if (record.Count != Words)
        {
            throw new ArgumentException($"Expected {Words} words, got {record.Count}.", nameof(record));
        }

        return (await _connection.CallAsync<Generated.Refuter.ComputeFunction, Generated.Refuter.ComputeOutputDTO>(
            new()
            {
                Record = record.ToMessage(),
                Coordinate = coordinate,
                Place = place,
                A = a.ToArray(),
                B = b.ToArray(),
                C = c.ToArray(),
            },
            cancellationToken).ConfigureAwait(false)).Output;
    }

    internal static Refuter Of(ContractConnection market, Address address) => new(market.At(address, Artifact));

    private static RefutationCall CallOf<TMessage>(string function, TMessage message)
        where TMessage : FunctionMessage, new() => new(function, message.GetCallData());
}
