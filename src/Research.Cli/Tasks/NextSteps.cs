using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Interactive.Chains;
using Research.Market;
using Research.Storage;
using Research.Training;

namespace Research.Cli.Tasks;

/// <summary>What an account can do next in a task, or what anybody can, each with until when.</summary>
/// <param name="market">The market.</param>
/// <param name="store">Where results are looked for.</param>
/// <param name="task">The task as it stands.</param>
/// <param name="now">When.</param>
/// <param name="account">Who; null for anybody.</param>
/// <param name="native">What stakes and bonds are counted in.</param>
internal sealed class NextSteps(
    TrainingMarket market, IBlobStore store, MarketTask task, TaskMoment now, Address? account, Currency native)
{
    private readonly List<string> _steps = [];

    private Terms Terms => task.Terms;

    private bool IsSponsor => account == task.Sponsor;

    /// <summary>Gets them, the most urgent first.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellationToken)
    {
        Position? position = account is Address self
            ? await market.PositionOfAsync(now.TaskId, self, cancellationToken).ConfigureAwait(false)
            : null;
        await AddPinAsync(cancellationToken).ConfigureAwait(false);
        await AddCurrentAsync(position, cancellationToken).ConfigureAwait(false);
        int over = Enumerable.Range(0, Terms.Rounds).Count(round => now.Now >= Terms.ScheduleOf(round).End);
        if (over > task.Finalised)
        {
            string rounds = over == task.Finalised + 1 ? $"round {over}" : $"rounds {task.Finalised + 1} to {over}";
            Add("finalise", $"{rounds}, which anybody may");
        }

        if (account is Address one)
        {
            await AddDoubtsAsync(one, cancellationToken).ConfigureAwait(false);
            await AddClaimsAsync(one, cancellationToken).ConfigureAwait(false);
            AddStake(position!);
        }

        if (_steps.Count == 0)
        {
            _steps.Add(account is null ? now.Next : $"nothing for {account} now: {now.Words}");
        }

        return _steps;
    }

    private async Task AddCurrentAsync(Position? position, CancellationToken cancellationToken)
    {
        if (now.Position.Phase == Phase.Closed)
        {
            return;
        }

        int round = now.Position.Round;
        bool isIn = position is not null && position.Round == round && position.Standing != Standing.None;
        Schedule schedule = now.Schedule;
        Round state = await market.GetRoundAsync(now.TaskId, round, cancellationToken).ConfigureAwait(false);
        switch (now.Position.Phase)
        {
            case Phase.Pending:
                Add("train", $"for round 1; commitments are taken from {now.At(schedule.Commit)}");
                await AddSampleAsync(cancellationToken).ConfigureAwait(false);
                break;
            case Phase.Commit when !isIn:
                Add("commit", $"in round {round + 1}, {StakeDue(position)}, until {now.At(schedule.Reveal)}");
                await AddSampleAsync(cancellationToken).ConfigureAwait(false);
                break;
            case Phase.Commit:
                _steps.Add(
                    $"research task reveal {now.TaskId}, from {now.At(schedule.Reveal)} to "
                    + $"{LocalTime.At(schedule.Answer)}: whoever does not loses the stake");
                break;
            case Phase.Reveal when account is null || (isIn && position!.Standing == Standing.Committed):
                Add("reveal", $"until {now.At(schedule.Answer)}: whoever committed and does not loses the stake");
                break;
            case Phase.Answer:
                AddAnswer(isIn ? position!.Standing : Standing.None, schedule);
                break;
            case Phase.Open:
                AddOpen(
                    (account is null || IsSponsor) && state.Reveals > 0 && state.KeyChunks < KeyChunks(Terms),
                    $"the keys of the records, until {now.At(schedule.Score)}: else the round's pool is burned");
                break;
            case Phase.Score when state.Reveals > 0 && state.KeyChunks == KeyChunks(Terms):
                await AddScoreAsync(round, schedule, cancellationToken).ConfigureAwait(false);
                break;
            case Phase.Refute when state.Claims > 0:
                Add("watch", "to refute what is wrong of what was claimed, and be paid from its bond");
                break;
        }
    }

    private void AddAnswer(Standing standing, Schedule schedule)
    {
        if (standing == Standing.Demanded)
        {
            Add("answer", $"until {now.At(schedule.Open)}: what is not shown by then burns the stake");
        }

        if (now.Now < schedule.Demanded)
        {
            Add("demand", $"where an update can be had nowhere, until {now.At(schedule.Demanded)}");
        }
    }

    // Only its sponsor has the keys, and the specification too; where that is damaged, other verbs say so.
    private async Task AddSampleAsync(CancellationToken cancellationToken)
    {
        if (!IsSponsor)
        {
            return;
        }

        try
        {
            OpenTask open = await OpenTask.LoadAsync(market, store, now.TaskId, cancellationToken).ConfigureAwait(false);
            bool isDue = false;
            for (int round = 0; round < Terms.Rounds && !isDue; round++)
            {
                isDue = !await open.IsSampleOpenAsync(round, cancellationToken).ConfigureAwait(false);
            }

            AddOpen(isDue, "the samples of the records, before anybody commits");
        }
        catch (Exception e) when (e is MarketException or StoreException or InvalidDataException or SpecException)
        {
            Add("open", "the samples of the records, with the store that has the specification");
        }
    }

    private void AddOpen(bool isDue, string what)
    {
        if (isDue)
        {
            Add("open", what);
        }
    }

    private async Task AddScoreAsync(int round, Schedule schedule, CancellationToken cancellationToken)
    {
        ClaimState state = account is Address self
            ? (await market.ClaimOfAsync(now.TaskId, round, self, cancellationToken).ConfigureAwait(false)).State
            : ClaimState.None;
        if (now.Now < schedule.Post && state == ClaimState.None)
        {
            Add("score", $"--seal, with a bond of {native.Of(Terms.Bond)}, until {now.At(schedule.Post)}");
        }
        else if (now.Now < schedule.Post)
        {
            _steps.Add(
                $"research task score {now.TaskId} --post, from {now.At(schedule.Post)} to "
                + $"{LocalTime.At(schedule.Refute)}: unopened, the bond is lost");
        }
        else if (account is null || state == ClaimState.Sealed)
        {
            Add("score", $"--post, until {now.At(schedule.Refute)}: unopened, a sealed claim's bond is lost");
        }
    }

    private async Task AddPinAsync(CancellationToken cancellationToken)
    {
        if (now.Position.Round > 0 || now.Position.Phase is not (Phase.Pending or Phase.Commit))
        {
            return;
        }

        TaskPin pin = await TaskPin.FindAsync(market, now.TaskId, cancellationToken).ConfigureAwait(false);
        if (pin.IsDue)
        {
            Add(
                "pin",
                $"until block {pin.Last} (the chain is at {pin.Newest}): nobody commits before, and without it the pool is "
                + "burned; the sponsor does so by research task open");
        }
        else if (pin.IsMissed)
        {
            _steps.Add("leave it alone: nobody wrote down which records are opened, and its pool will be burned");
        }
    }

    // What others demand of the account's claims in rounds that are not final, and what fell.
    private async Task AddDoubtsAsync(Address self, CancellationToken cancellationToken)
    {
        for (int round = task.Finalised; round <= now.LastStarted && round < Terms.Rounds; round++)
        {
            MarketClaim claim = await market.ClaimOfAsync(now.TaskId, round, self, cancellationToken)
                .ConfigureAwait(false);
            if (claim.State is not (ClaimState.Posted or ClaimState.Fallen))
            {
                continue;
            }

            ClaimDoubts doubts = await ClaimDoubts
                .FindAsync(market, now.TaskId, round, claim.Digest, cancellationToken).ConfigureAwait(false);
            if (doubts.RefutedBy is Address winner)
            {
                _steps.Add($"nothing for the claim of round {round + 1}: it was refuted by {winner}, and its bond of "
                    + $"{native.Of(Terms.Bond)} is lost");
            }
            else if (doubts.Due is ulong due)
            {
                Add("watch", $"to show what is demanded of the claim of round {round + 1}, until {now.At(due)}: else it falls, "
                    + $"and its bond of {native.Of(Terms.Bond)} is lost");
            }
        }
    }

    private async Task AddClaimsAsync(Address self, CancellationToken cancellationToken)
    {
        for (int round = 0; round < task.Finalised; round++)
        {
            Round state = await market.GetRoundAsync(now.TaskId, round, cancellationToken).ConfigureAwait(false);
            if (state.Outcome == Outcome.Empty
                && IsSponsor
                && !await market.IsPaidAsync(now.TaskId, round, 0, cancellationToken).ConfigureAwait(false))
            {
                Add("refund", $"round {round + 1}, in which nobody revealed");
            }

            if (state.Outcome == Outcome.Scored
                && await EarnedAsync(round, state, self, cancellationToken).ConfigureAwait(false))
            {
                Add("claim", $"the reward of round {round + 1}");
            }

            MarketClaim claim = await market.ClaimOfAsync(now.TaskId, round, self, cancellationToken)
                .ConfigureAwait(false);
            if (claim.State == ClaimState.Posted)
            {
                Add("claim", $"the bond of round {round + 1}, with its part of the audit fee");
            }
        }
    }

    // Without the results at hand, a reveal that is not paid may have earned something.
    private async Task<bool> EarnedAsync(int round, Round state, Address self, CancellationToken cancellationToken)
    {
        IReadOnlyList<Revealed> reveals =
            await market.Events.RevealedAsync(now.TaskId, round, cancellationToken).ConfigureAwait(false);
        if (reveals.FirstOrDefault(one => one.Participant == self) is not { } own
            || await market.IsPaidAsync(now.TaskId, round, own.Index, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        RoundResults? results = await FinalResults
            .InStoreAsync(market, store, now.TaskId, round, state, cancellationToken).ConfigureAwait(false);
        return results is null || results.Rewards.ElementAtOrDefault(own.Index) is not { Points: 0 };
    }

    private void AddStake(Position position)
    {
        if (StakeText.IsFree(position, Terms, now.Now))
        {
            Add("withdraw", $"the stake of {native.Of(Terms.Stake)}");
        }
    }

    private string StakeDue(Position? position) =>
        position?.Standing == Standing.Revealed
            ? "with the stake locked before"
            : $"with a stake of {native.Of(Terms.Stake)}";

    private void Add(string verb, string text) => _steps.Add(
        text.StartsWith("--", StringComparison.Ordinal)
            ? $"research task {verb} {now.TaskId} {text}"
            : $"research task {verb} {now.TaskId}: {text}");

    /// <summary>Gets in how many transactions a round's keys are opened.</summary>
    public static int KeyChunks(Terms terms) => (terms.Keys + 127) / 128;
}
