using System.Collections.Concurrent;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
using Research.Federation.Program;
using Research.Federation.Rewards;
using Research.Storage;
using Research.Training;
using Research.Training.Data;

namespace Research.Market;

/// <summary>
/// A published task as anyone can read it: terms from the chain, specification and models from the store.
/// </summary>
public sealed class OpenTask
{
    private readonly ConcurrentDictionary<int, ExpectedModel> _expected = [];

    private OpenTask(
        TrainingMarket market, IBlobStore store, ulong id, MarketTask published, ModelSpec spec, ProgramRoots programs)
    {
        Programs = programs;
        Market = market;
        Store = store;
        Id = id;
        Terms = published.Terms;
        Spec = spec;
    }

    /// <summary>Gets the market.</summary>
    public TrainingMarket Market { get; }

    /// <summary>Gets the store that holds the task's blobs: the one given, with those that the specification names behind
    /// it where it takes more (<see cref="IBlobStore.WithNamed"/>).</summary>
    public IBlobStore Store { get; }

    /// <summary>Gets the task's number.</summary>
    public ulong Id { get; }

    /// <summary>Gets the terms that the sponsor is held to.</summary>
    public Terms Terms { get; }

    /// <summary>Gets the specification, whose hash is in the terms.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Gets what each of its rounds is scored by.</summary>
    public ProgramRoots Programs { get; }

    /// <summary>
    /// Reads a task and checks that its specification is the one that its terms name, and that its rounds are scored by the
    /// programs that follow from it.
    /// </summary>
    /// <remarks>Deriving the programs takes about a tenth of a second for each round.</remarks>
    /// <param name="market">The market.</param>
    /// <param name="store">The store that holds the specification.</param>
    /// <param name="taskId">The task's number, from 1.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="MarketException">The store does not have the specification.</exception>
    /// <exception cref="StoreException">The store cannot be asked.</exception>
    /// <exception cref="SpecException">The specification cannot be paid, or is malformed.</exception>
    /// <exception cref="InvalidDataException">The specification has another number of rounds, or other
    /// programs.</exception>
    public static async Task<OpenTask> LoadAsync(
        TrainingMarket market, IBlobStore store, ulong taskId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(store);
        MarketTask published = await market.GetTaskAsync(taskId, cancellationToken).ConfigureAwait(false);
        ContentHash hash = published.Terms.SpecHash.ToContentHash();
        byte[] document = await store.FindAsync(hash, ModelSpec.LargestDocument, cancellationToken).ConfigureAwait(false)
            ?? throw new MarketException(
                $"The specification {hash} of task {taskId} is not in the store {store.Name}: name the store that the sponsor "
                + "shares.");
        ModelSpec spec = ModelSpec.Parse(document);
        PayableSpec.Require(spec);
        ProgramRoots programs = await Task.Run(() => ProgramRoots.Of(spec, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        RequireTermsOf(taskId, published, spec, programs);
        return new OpenTask(market, store.WithNamed(spec.Task!.Stores), taskId, published, spec, programs);
    }

    /// <summary>Gets what a round is scored by, as the contracts take it.</summary>
    /// <param name="round">The round, from 0.</param>
    public RoundProof ProofOf(int round)
    {
        ProgramWords program = Programs.Program(round);
        return new RoundProof(
            program.Code.ToBytes32(),
            program.Constants.ToBytes32(),
            program.Layout.ToBytes32(),
            CommittedRecords.CommitmentOf(Spec, round).Records.ToBytes32(),
            Programs.Initial.ToBytes32(),
            [.. Programs.PathOf(round).Select(hash => hash.ToBytes32())]);
    }

    /// <summary>Gets the models that the rounds up to one start from; see <see cref="StartingModelAsync"/>.</summary>
    /// <param name="round">The last of the rounds, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="MarketException">The store does not have one of the models, and scoring does not give it.</exception>
    public async Task<IReadOnlyList<GlobalModel>> StartingModelsAsync(
        int round, CancellationToken cancellationToken = default)
    {
        List<GlobalModel> models = [GlobalModel.Initial(Spec)];
        for (int before = 0; before < round; before++)
        {
            models.Add(await ResultAsync(before, cancellationToken).ConfigureAwait(false) ?? models[^1]);
        }

        return models;
    }

    /// <summary>Gets the model that a round starts from: that of the last round before it whose scores stand.</summary>
    /// <remarks>A round without a final claim leaves the model as it was. One that is over and not final yet is scored here:
    /// what says otherwise falls.</remarks>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="MarketException">The store does not have the model, and scoring does not give it.</exception>
    public async Task<GlobalModel> StartingModelAsync(int round, CancellationToken cancellationToken = default)
    {
        for (int before = round - 1; before >= 0; before--)
        {
            if (await ResultAsync(before, cancellationToken).ConfigureAwait(false) is { } model)
            {
                return model;
            }
        }

        return GlobalModel.Initial(Spec);
    }

    /// <summary>Gets the claim that decided a round; null where none did.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<ClaimPosted?> FinalClaimAsync(int round, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<RoundFinalised> ends =
            await Market.Events.RoundFinalisedAsync(Id, round, cancellationToken).ConfigureAwait(false);
        if (ends is not [{ Outcome: Outcome.Scored } end])
        {
            return null;
        }

        IReadOnlyList<ClaimPosted> claims =
            await Market.Events.ClaimPostedAsync(Id, round, cancellationToken).ConfigureAwait(false);
        return claims.FirstOrDefault(claim => claim.Claimant == end.Claimant)
            ?? throw new MissingEventsException(
                $"The final claim of round {round + 1} of task {Id} is not among the events that the node gives: ask one that "
                + "keeps its logs.");
    }

    /// <summary>Gets what the final claim of a round says of each participant: from the store, or scored again.</summary>
    /// <remarks>A claim's file is only a name: whoever posts can name what is not there. Then the round is scored again,
    /// which anybody can.</remarks>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="MarketException">No claim is final, or what is final is not what scoring gives and its file is
    /// nowhere.</exception>
    public async Task<RoundResults> ResultsAsync(int round, CancellationToken cancellationToken = default)
    {
        ClaimPosted final = await FinalClaimAsync(round, cancellationToken).ConfigureAwait(false)
            ?? throw new MarketException($"No claim is final in round {round + 1} of task {Id}.");
        return await RoundResults.FindAsync(Market, Store, final, cancellationToken).ConfigureAwait(false)
            ?? (await ScoreAgainAsync(final, cancellationToken).ConfigureAwait(false)).Results;
    }

    /// <summary>Gets which of each pair of a round's records is opened before anybody commits.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="MarketException">Nobody has written down what chooses (<see cref="TaskPin"/>), or not as deep as
    /// confirmations ask.</exception>
    public async Task<RecordChoice> ChoiceAsync(int round, CancellationToken cancellationToken = default)
    {
        TaskPin pin = await TaskPin.FindAsync(Market, Id, cancellationToken).ConfigureAwait(false);
        return RecordChoice.Of(pin.Require().ToArray(), Id, round, Spec.Task!.Evaluation.Examples);
    }

    /// <summary>Gets the half of a round's records that was opened for everybody to look at before committing.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="MarketException">The sponsor has not opened it, the records are not in the store, or what is there
    /// is not what the specification commits to.</exception>
    public async Task<EvaluationSample> SampleAsync(int round, CancellationToken cancellationToken = default)
    {
        CommittedRecords committed = await RecordsAsync(round, cancellationToken).ConfigureAwait(false);
        RecordChoice choice = await ChoiceAsync(round, cancellationToken).ConfigureAwait(false);
        string name = RecordKeys.SampleName(committed.Commitment.Records);
        EvaluationSample? sample = null;
        try
        {
            await Store.FindNamedAsync(
                name,
                choice.Pairs * RecordKeys.SamplePairBytes,
                keys => sample = EvaluationSample.Open(committed, choice, keys),
                cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw Refused(round, e);
        }

        return sample ?? throw new MarketException(
            $"The keys {name} of round {round + 1} of task {Id} are not in the store {Store.Name}: the sponsor opens them when "
            + "the block after the publication is there, before anybody commits.");
    }

    /// <summary>Says whether a round's sample lies in the store, and is what the sponsor committed to.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StoreException">The store cannot be asked.</exception>
    public async Task<bool> IsSampleOpenAsync(int round, CancellationToken cancellationToken = default)
    {
        try
        {
            await SampleAsync(round, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (MarketException)
        {
            return false;
        }
    }

    /// <summary>Gets the half of a round's records that scores it.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="MarketException">The sponsor has not opened them, they are not in the store, or what is there is not
    /// what the specification commits to.</exception>
    public async Task<ScoringRecords> ScoringRecordsAsync(int round, CancellationToken cancellationToken = default)
    {
        CommittedRecords committed = await RecordsAsync(round, cancellationToken).ConfigureAwait(false);
        RecordChoice choice = await ChoiceAsync(round, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<KeysOpened> opened =
            await Market.Events.KeysOpenedAsync(Id, round, cancellationToken).ConfigureAwait(false);
        byte[] keys = [.. opened.OrderBy(one => one.Chunk).SelectMany(one => one.Keys.ToArray())];
        return keys.Length == committed.Count * RecordFormat.KeyBytes
            ? Checked(round, () => ScoringRecords.Open(committed, choice, keys))
            : throw new MarketException(
                $"The keys of round {round + 1} of task {Id}: expected {committed.Count} on chain, found "
                + $"{keys.Length / RecordFormat.KeyBytes}. Its sponsor opens them when the updates are revealed; until then "
                + "nobody can score.");
    }

    // The contract does not read specifications: clients hold its terms to them.
    private static void RequireTermsOf(ulong taskId, MarketTask published, ModelSpec spec, ProgramRoots programs)
    {
        Terms terms = published.Terms;
        Require("programRoot", programs.Root.ToBytes32(), terms.ProgramRoot);
        Require("updateBytes", Sponsor.UpdateBytesOf(spec), terms.UpdateBytes);
        Require("keys", Sponsor.KeysOf(spec), terms.Keys);
        if (terms.Rounds != spec.Task!.Rounds && terms.Rounds != published.Finalised) // Fewer: it reached its target.
        {
            Require("rounds", (ushort)spec.Task.Rounds, terms.Rounds);
        }

        void Require<T>(string field, T expected, T actual)
            where T : notnull
        {
            if (!actual.Equals(expected))
            {
                throw new InvalidDataException(
                    $"Task {taskId}: expected {field} {expected}, which follows from its specification; the terms have "
                    + $"{actual}. Its rounds would not be scored by what its specification says: leave it alone.");
            }
        }
    }

    private async Task<CommittedRecords> RecordsAsync(int round, CancellationToken cancellationToken)
    {
        ContentHash hash = CommittedRecords.CommitmentOf(Spec, round).Sha256;
        byte[] bytes;
        try
        {
            bytes = await Store.FindAsync(hash, CommittedRecords.BytesOf(Spec), cancellationToken).ConfigureAwait(false)
                ?? throw new MarketException(
                    $"The evaluation records {hash} of round {round + 1} of task {Id} are not in the store {Store.Name}: "
                    + "their sponsor puts them there when it publishes. Without them nobody can look at them, or score.");
        }
        catch (InvalidDataException e)
        {
            throw Refused(round, e);
        }

        return await Task.Run(
            () => Checked(round, () => CommittedRecords.Parse(Spec, round, bytes, $"records {hash}")), cancellationToken)
            .ConfigureAwait(false);
    }

    private T Checked<T>(int round, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (InvalidDataException e)
        {
            throw Refused(round, e);
        }
    }

    private MarketException Refused(int round, InvalidDataException why) =>
        new($"The evaluation records of round {round + 1} of task {Id} are not those committed to: {why.Message}", why);

    private async Task<GlobalModel?> ResultAsync(int round, CancellationToken cancellationToken)
    {
        Round state = await Market.GetRoundAsync(Id, round, cancellationToken).ConfigureAwait(false);
        if (state.Outcome != Outcome.Scored)
        {
            return state.Outcome != Outcome.None
                ? null
                : await ExpectedAsync(round, state, cancellationToken).ConfigureAwait(false);
        }

        ClaimPosted final = (await FinalClaimAsync(round, cancellationToken).ConfigureAwait(false))!;
        RoundResults? results = await RoundResults.FindAsync(Market, Store, final, cancellationToken).ConfigureAwait(false);
        if (results is not null
            && await ModelAsync(results, cancellationToken).ConfigureAwait(false) is { } model
            && ModelRoots.Of(model, results.Direction).ToBytes32() == state.ModelRoot)
        {
            return model;
        }

        return (await ScoreAgainAsync(final, cancellationToken).ConfigureAwait(false)).Score.NextModel;
    }

    // Only a name: what lies under it can be something else, or nothing.
    private async Task<GlobalModel?> ModelAsync(RoundResults results, CancellationToken cancellationToken)
    {
        try
        {
            byte[]? bytes = await Store
                .FindAsync(results.Model, ModelUpdate.MostBytes(GlobalModel.Initial(Spec)), cancellationToken).ConfigureAwait(false);
            return bytes is null ? null : GlobalModel.Parse(Spec, bytes, $"model {results.Model}");
        }
        catch (Exception e) when (e is InvalidDataException or DataFormatException or StoreException)
        {
            return null;
        }
    }

    // What a round that is over and not final will have made: anybody can score it, and what says otherwise falls. Demands of
    // its claims can hold its end up for days, in which the next round is trained and scored.
    private async Task<GlobalModel?> ExpectedAsync(int round, Round state, CancellationToken cancellationToken)
    {
        ulong posted = Terms.ScheduleOf(round).Refute;
        if (await Market.NextTimestampAsync(cancellationToken).ConfigureAwait(false) < posted)
        {
            throw new MarketException(
                $"Round {round + 1} of task {Id} is not over: what the next round starts from is not known. Its claims are "
                + $"posted until {UnixTime.Text(posted)}.");
        }

        if (state.Reveals == 0 || !state.IsOpen || state.Claims == 0)
        {
            return null; // It will be empty, unopened or unscored: the model stays.
        }

        ExpectedModel expected = await ScoredAsync(round, state, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ClaimPosted> claims =
            await Market.Events.ClaimPostedAsync(Id, round, cancellationToken).ConfigureAwait(false);
        bool isFallen = true;
        foreach (IGrouping<ClaimResult, ClaimPosted> same in claims.GroupBy(claim => claim.Result))
        {
            Bytes32 id = RefuterCase.IdOf(Market.Address, Id, round, same.Key.Digest);
            CaseStanding standing = await Market.Refuter.StandingAsync(id, cancellationToken).ConfigureAwait(false);
            if (!standing.HasFallen && same.Key == expected.Claim)
            {
                return expected.Model;
            }

            isFallen &= standing.HasFallen;
        }

        return isFallen
            ? null
            : throw new MarketException(
                $"Round {round + 1} of task {Id} is not final, and none of its {claims.Count} claims says what scoring gives: what "
                + $"the next round starts from is known once they are refuted, by research task watch {Id} for example.");
    }

    private async Task<ExpectedModel> ScoredAsync(int round, Round state, CancellationToken cancellationToken)
    {
        string before = ExpectedModel.HashesOf(
            await StartingModelsAsync(round, cancellationToken).ConfigureAwait(false));
        if (!_expected.TryGetValue(round, out ExpectedModel? known)
            || known.Roster != state.Roster
            || known.Before != before)
        {
            ScoredRound scored = await new Scorer(this).ScoreAsync(round, null, cancellationToken).ConfigureAwait(false);
            scored.Score.Trace.Dispose();
            known = _expected[round];
        }

        return known;
    }

    /// <summary>Keeps what a round was scored to, so that it need not be scored again for the next one.</summary>
    internal void Keep(int round, ExpectedModel expected) => _expected[round] = expected;

    private async Task<ScoredRound> ScoreAgainAsync(ClaimPosted final, CancellationToken cancellationToken)
    {
        ScoredRound scored = await new Scorer(this).ScoreAsync(final.Round, null, cancellationToken)
            .ConfigureAwait(false);
        if (scored.Claim != final.Result)
        {
            throw new MarketException(
                $"Round {final.Round + 1} of task {Id}: the final claim's files are not in the store {Store.Name}, and the claim "
                + "is not what scoring gives: nobody can continue from it. Ask its claimant for the files.");
        }

        try
        {
            await Store.PutAsync(scored.Score.NextModel.Bytes, cancellationToken).ConfigureAwait(false);
            await Store.PutAsync(scored.Results.Bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException)
        {
            // A favour to others: who may not write, or finds nobody there, goes on all the same.
        }

        return scored;
    }
}
