using System.Collections.Concurrent;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Scoring;
using Research.Federation.Trace;
using Research.Storage;
using Research.Training.Data;

namespace Research.Market;

/// <summary>A round's updates as everybody can have them: from the chain, or from the store.</summary>
/// <remarks>
/// Where updates travel in their reveals, the chain has them. Otherwise they lie in the store, under names that nobody
/// vouches for; what does not can be demanded on chain, and an update that was demanded and not shown is out, for everybody.
/// What was fetched and checked once is kept until this is disposed of.
/// </remarks>
public sealed class RoundUpdates : IDisposable
{
    /// <summary>Bytes of a piece of an update that is shown at once.</summary>
    internal const int PieceBytes = 1 << (PieceLevel + 7);

    private const int PieceLevel = 7; // 128 leaves of 128 bytes.
    private const int AtOnce = 8; // Requests to a store that is far away.

    private readonly OpenTask _task;
    private readonly int _round;
    private readonly ILookup<Address, UpdateShown> _shown;
    private readonly HashSet<Address> _out;
    private readonly UpdateSpool _spool = new();
    private readonly ConcurrentDictionary<Address, string> _unasked = [];

    private RoundUpdates(
        OpenTask task,
        int round,
        IReadOnlyList<Revealed> reveals,
        ILookup<Address, UpdateShown> shown,
        HashSet<Address> gone)
    {
        (_task, _round, Reveals, _shown, _out) = (task, round, reveals, shown, gone);
    }

    /// <summary>Gets the reveals, by index.</summary>
    public IReadOnlyList<Revealed> Reveals { get; }

    /// <summary>Gets who takes part, as the market's word of the round has it.</summary>
    public Roster Roster => new(
        [.. Reveals.Select(one => new RosterEntry(one.Participant.ToArray(), one.UpdateRoot.ToTreeHash(), (long)one.Committed))]);

    /// <summary>Gets how many pieces an update has.</summary>
    public int Pieces => PiecesOf(_task.Terms);

    /// <summary>Finds what a round's participants revealed, and what of it the chain has.</summary>
    /// <param name="task">The task.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="MissingEventsException">The node did not give all events.</exception>
    public static async Task<RoundUpdates> FindAsync(
        OpenTask task, int round, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        MarketEvents events = task.Market.Events;
        IReadOnlyList<Revealed> reveals =
            await events.RevealedAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        Round state = await task.Market.GetRoundAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        if (state.Reveals != reveals.Count)
        {
            throw new MarketException(
                $"Round {round + 1} of task {task.Id}: expected {state.Reveals} reveals; found {reveals.Count}. "
                + "Look for events from the block of the market's deployment on, and at a node that keeps them all.");
        }

        IReadOnlyList<UpdateShown> shown =
            await events.UpdateShownAsync(task.Id, round, cancellationToken).ConfigureAwait(false);
        HashSet<Address> gone = [];
        if (task.Terms.Delivery == Delivery.Demand)
        {
            // The contract's word, and not a list of events that a node could shorten.
            foreach (Revealed reveal in reveals)
            {
                if (await task.Market.IsOutAsync(task.Id, round, reveal.Index, cancellationToken).ConfigureAwait(false))
                {
                    gone.Add(reveal.Participant);
                }
            }
        }

        return new RoundUpdates(
            task, round, [.. reveals.OrderBy(one => one.Index)], shown.ToLookup(one => one.Participant), gone);
    }

    /// <summary>Gets whether a piece of an update is demanded and not shown; after the answer window: the update is
    /// out.</summary>
    public bool IsOut(Revealed reveal)
    {
        ArgumentNullException.ThrowIfNull(reveal);
        return _out.Contains(reveal.Participant);
    }

    /// <summary>Gets whether the update can be had, from the chain or the store; then it is fetched.</summary>
    /// <param name="reveal">The reveal.</param>
    /// <param name="start">The round's model.</param>
    /// <param name="cancellationToken">Stops fetching.</param>
    public async Task<bool> HasAsync(
        Revealed reveal, GlobalModel start, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reveal);
        if (!_spool.Has(reveal.Participant)
            && await FetchAsync(reveal, start, cancellationToken).ConfigureAwait(false) is { } numbers)
        {
            _spool.Add(reveal.Participant, numbers);
        }

        return _spool.Has(reveal.Participant);
    }

    /// <summary>Makes the round's submissions, earliest commitment first; they are read while this is not disposed of.</summary>
    /// <param name="start">The round's model.</param>
    /// <param name="cancellationToken">Stops fetching.</param>
    /// <exception cref="MarketException">An update can be had nowhere: nobody demanded it in time.</exception>
    public async Task<IReadOnlyList<Submission>> SubmissionsAsync(
        GlobalModel start, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        ConcurrentBag<Revealed> missing = [];
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            Reveals.Where(reveal => !IsOut(reveal)),
            options,
            async (reveal, stop) =>
            {
                if (!await HasAsync(reveal, start, stop).ConfigureAwait(false))
                {
                    missing.Add(reveal);
                }
            }).ConfigureAwait(false);
        if (missing.MinBy(reveal => reveal.Index) is { } first)
        {
            string why = _unasked.TryGetValue(first.Participant, out string? said) ? $" ({said})" : "";
            throw new MarketException(
                $"Round {_round + 1} of task {_task.Id}: {missing.Count} updates are neither in the store "
                + $"{_task.Store.Name} nor on chain, first that of {first.Participant} (#{first.Index}){why}. Get them "
                + "from another store; while the answer window is open, demand them.");
        }

        // In one block, the place in reveal order decides: the contract knows no other order.
        return
        [
            .. Reveals.OrderBy(reveal => reveal.Committed).ThenBy(reveal => reveal.Index)
                .Select(reveal => IsOut(reveal)
                    ? new Submission(reveal.Index, null, "its update was not shown on demand")
                    : Submission.Read(reveal.Index, () => ModelUpdate.OfNumbers(
                        start, _round, _spool.Read(reveal.Participant), $"update of {reveal.Participant}"))),
        ];
    }

    /// <summary>Demands the pieces of updates that can be had nowhere, all of each.</summary>
    /// <param name="market">The market, with the account that pays the fees.</param>
    /// <param name="start">The round's model.</param>
    /// <param name="isPatient">Whether to leave alone for now what a store that cannot be asked may have.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <returns>What was demanded.</returns>
    /// <exception cref="RevertException">The market refused, for example <c>TooLate</c>.</exception>
    public async Task<IReadOnlyList<UpdatePiece>> DemandAsync(
        TrainingMarket market, GlobalModel start, bool isPatient = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(market);
        List<UpdatePiece> sent = [];
        foreach (Revealed reveal in Reveals)
        {
            if (await HasAsync(reveal, start, cancellationToken).ConfigureAwait(false)
                || isPatient && _unasked.ContainsKey(reveal.Participant))
            {
                continue;
            }

            Demands before = await market.DemandsOfAsync(_task.Id, _round, reveal.Participant, cancellationToken)
                .ConfigureAwait(false);
            for (int chunk = 0; chunk < Pieces; chunk++)
            {
                if ((before.Asked >> chunk & 1) != 0)
                {
                    continue; // Each piece can be demanded once; somebody did.
                }

                UpdatePiece piece = new(reveal.Participant, reveal.Index, reveal.UpdateRoot, chunk);
                Wei fee = await market.DemandFeeAsync(cancellationToken).ConfigureAwait(false);

                // The base fee may rise by an eighth with each block until the demand is in one.
                await market.DemandAsync(_task.Id, piece, fee + fee, cancellationToken).ConfigureAwait(false);
                sent.Add(piece);
            }
        }

        return sent;
    }

    /// <summary>Shows the demanded pieces of an update; the fees go to its participant.</summary>
    /// <param name="market">The market, with the account that pays the gas.</param>
    /// <param name="participant">Whose update.</param>
    /// <param name="numbers">Its numbers, 4 bytes each and most significant first.</param>
    /// <param name="cancellationToken">Stops the wait, not a transaction already sent.</param>
    /// <returns>How many pieces were shown.</returns>
    /// <exception cref="MarketException">The participant revealed another update, or none.</exception>
    /// <exception cref="RevertException">The market refused, for example <c>WrongPhase</c>.</exception>
    public async Task<int> AnswerAsync(
        TrainingMarket market,
        Address participant,
        ReadOnlyMemory<byte> numbers,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(market);
        Revealed? reveal = Reveals.FirstOrDefault(one => one.Participant == participant);
        Bytes32 root = LeafTree.Root(numbers.Span).ToBytes32();
        if (reveal is null || reveal.UpdateRoot != root)
        {
            throw new MarketException(reveal is null
                ? $"{participant} revealed nothing in round {_round + 1} of task {_task.Id}."
                : $"{participant} revealed {reveal.UpdateRoot} in round {_round + 1} of task {_task.Id}; this update has "
                    + $"the root {root}.");
        }

        Demands demands = await market.DemandsOfAsync(_task.Id, _round, participant, cancellationToken)
            .ConfigureAwait(false);
        int shown = 0;
        for (int chunk = 0; chunk < Pieces; chunk++)
        {
            if ((demands.Open >> chunk & 1) == 0)
            {
                continue;
            }

            int first = chunk * PieceBytes;
            await market.AnswerAsync(
                _task.Id,
                new UpdatePiece(participant, reveal.Index, reveal.UpdateRoot, chunk),
                numbers.Slice(first, Math.Min(PieceBytes, numbers.Length - first)),
                [.. LeafTree.PathAbove(numbers.Span, PieceLevel, chunk).Select(hash => hash.ToBytes32())],
                cancellationToken).ConfigureAwait(false);
            shown++;
        }

        return shown;
    }

    /// <inheritdoc/>
    public void Dispose() => _spool.Dispose();

    internal static int PiecesOf(Terms terms) => (int)((terms.UpdateBytes + PieceBytes - 1) / PieceBytes);

    // The numbers whose root was revealed, wherever they are; null where they are nowhere.
    private async Task<byte[]?> FetchAsync(Revealed reveal, GlobalModel start, CancellationToken cancellationToken)
    {
        UpdateShown[] shown = [.. _shown[reveal.Participant].OrderBy(one => one.Chunk)];
        if (shown.Length == Pieces)
        {
            return [.. shown.SelectMany(one => one.Data.ToArray())]; // The contract held them to the root.
        }

        ContentHash name = reveal.UpdateHash.ToContentHash();
        try
        {
            byte[]? file = await _task.Store.FindAsync(name, ModelUpdate.MostBytes(start), cancellationToken)
                .ConfigureAwait(false);
            ModelUpdate? update = file is null ? null : ModelUpdate.Parse(start, _round, file, $"update {name}");
            return update?.Root.ToBytes32() == reveal.UpdateRoot ? update.Numbers : null;
        }
        catch (Exception e) when (e is InvalidDataException or DataFormatException)
        {
            return null; // A file that is not what was committed to is no file.
        }
        catch (StoreException e)
        {
            _unasked[reveal.Participant] = e.Message; // No reason not to demand it, while that is possible.
            return null;
        }
    }
}
