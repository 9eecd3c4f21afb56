using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Tasks;
using Research.Interactive.Chains;
using Research.Market;
using Research.Training;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task claim</c>: pulls what the account has earned, and what of its own is free.</summary>
internal static class TaskClaimCommand
{
    public static Command Create()
    {
        MarketOptionSet market = new();
        Argument<ulong> id = TaskArguments.Id();
        Option<int?> round = TaskArguments.Round("all that are final");
        Option<Address?> recipient = TaskArguments.Recipient();
        Command command = new(
            "claim",
            "Claim the rewards of rounds that are final, the bonds of your claims with their part of the audit fee, "
            + "fees of demands that nobody answered, and your stake once no later round takes it.")
        {
            id, round, recipient,
        };
        market.AddTo(command);
        command.SetAction((parse, cancellationToken) => new Run(
            market.Read(parse),
            parse.GetValue(id),
            parse.ReadRound(round),
            parse.GetValue(recipient),
            parse.InvocationConfiguration.Error).RunAsync(parse.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    /// <summary>One run of the verb: what it found, and what it sent.</summary>
    private sealed class Run(MarketOptions options, ulong id, int? asked, Address? recipient, TextWriter error)
    {
        private VerbReport _report = null!; // The session's, once it is open.
        private readonly JsonArray _rounds = [];
        private readonly List<string> _refusals = [];
        private MarketSession _session = null!;
        private Currency _currency = null!; // The pool's, once the task is known.
        private Wei _claimed;
        private Wei _bonds;
        private Wei _fees;
        private Wei _stake;
        private int _sent;
        private bool _hasBefore;
        private readonly List<string> _failures = [];

        private TrainingMarket Market => _session.Market;

        private Address Recipient => recipient ?? _session.Self;

        private string Native(Wei amount) => _session.Native.Of(amount);

        public async Task<int> RunAsync(TextWriter output, CancellationToken cancellationToken)
        {
            using MarketSession session = await MarketSession.OpenAsync(options, signs: true, cancellationToken)
                .ConfigureAwait(false);
            _session = session;
            _report = session.Report();
            MarketTask task = await session.FindAsync(id, cancellationToken).ConfigureAwait(false);
            TaskMoment now = await session.MomentAsync(id, task.Terms, cancellationToken).ConfigureAwait(false);
            now.RequireRound(asked ?? 0);
            _currency = await session.CurrencyAsync(task.Terms.Token, cancellationToken).ConfigureAwait(false);
            await session.RequireFundsAsync(Wei.Zero, cancellationToken).ConfigureAwait(false);
            foreach (int round in asked is int one ? [one] : Enumerable.Range(0, now.Position.Round))
            {
                await ClaimRoundAsync(task, now, round, cancellationToken).ConfigureAwait(false);
            }

            await TryAsync(() => ReclaimFeesAsync(task, now, cancellationToken)).ConfigureAwait(false);
            if (asked is null)
            {
                await TryAsync(() => WithdrawAsync(task, now, cancellationToken)).ConfigureAwait(false);
            }

            if (_sent == 0 && _failures.Count > 0)
            {
                throw new CommandException(string.Join(Environment.NewLine, _failures));
            }

            if (_sent == 0 && !_hasBefore)
            {
                throw now.Refusal($"{(_refusals.Count > 0 ? string.Join("; ", _refusals) : "no round is over yet")}.");
            }

            AddSums();
            await _report.WriteAsync(options.Json, output).ConfigureAwait(false);
            foreach (string failure in _failures)
            {
                await error.WriteLineAsync(failure).ConfigureAwait(false);
            }

            return _failures.Count == 0 ? CommandRunner.Success : CommandRunner.Failure;
        }

        private void AddSums()
        {
            if (_sent == 0)
            {
                _report.Repeated("claimed", $"nothing: all that is final is paid to {_session.Self}");
            }
            else
            {
                _report.Line("claimed", $"{_currency.Of(_claimed)} of rewards to {Recipient}").Field("repeated", false);
            }

            _report.Field("task", id).Field("participant", _session.Self.ToString())
                .Field("recipient", Recipient.ToString())
                .Field("claimed", VerbReport.Json(_claimed)).Field("currency", _currency.ToJson())
                .Field("bondsWei", VerbReport.Json(_bonds)).Field("feesWei", VerbReport.Json(_fees))
                .Field("stakeWei", VerbReport.Json(_stake)).Field("rounds", _rounds);
        }

        private async Task ClaimRoundAsync(
            MarketTask task, TaskMoment now, int round, CancellationToken cancellationToken)
        {
            if (round >= task.Finalised)
            {
                ulong end = task.Terms.ScheduleOf(round).End;
                _refusals.Add(now.Now >= end
                    ? $"round {round + 1} is not finalised: run research task finalise {id} first"
                    : $"round {round + 1} can be finalised from {now.At(end)} on, and then claimed");
                return;
            }

            Round state = await Market.GetRoundAsync(id, round, cancellationToken).ConfigureAwait(false);
            await TryAsync(() => ClaimRewardAsync(round, state, cancellationToken)).ConfigureAwait(false);
            await TryAsync(() => ClaimBondAsync(task, round, state, cancellationToken)).ConfigureAwait(false);
        }

        // A payment that cannot be had must not hold up the others.
        private async Task TryAsync(Func<Task> pay)
        {
            try
            {
                await pay().ConfigureAwait(false);
            }
            catch (Exception e) when (e is CommandException or MarketException or RevertException or IOException
                or InvalidDataException or SpecException)
            {
                _failures.Add(e.Message);
            }
        }

        private async Task ClaimRewardAsync(int round, Round state, CancellationToken cancellationToken)
        {
            IReadOnlyList<Revealed> reveals =
                await Market.Events.RevealedAsync(id, round, cancellationToken).ConfigureAwait(false);
            if (reveals.FirstOrDefault(one => one.Participant == _session.Self) is not { } own)
            {
                _refusals.Add($"{_session.Self} revealed nothing in round {round + 1}");
                return;
            }

            if (state.Outcome != Outcome.Scored)
            {
                _refusals.Add($"round {round + 1} pays nothing: it is {state.Outcome.ToString().ToLowerInvariant()}");
                return;
            }

            if (await Market.IsPaidAsync(id, round, own.Index, cancellationToken).ConfigureAwait(false))
            {
                _hasBefore = true;
                return;
            }

            RoundResults results = await FinalResults
                .ReadAsync(_session, id, round, state, error, cancellationToken).ConfigureAwait(false);
            Reward? reward = results.Rewards.ElementAtOrDefault(own.Index);
            if (reward?.Participant != _session.Self)
            {
                throw new CommandException(
                    $"The final claim of round {round + 1} gives #{own.Index} to {reward?.Participant.ToString() ?? "nobody"}: it was "
                    + $"revealed by {_session.Self}, so the claim is wrong, and pays somebody else. "
                    + "Nothing was sent for it.");
            }

            Wei amount = Payout.Of(state.Pool, reward.Points, state.Divisor);
            string why = string.Create(
                CultureInfo.InvariantCulture, $"{reward.Points:N0} of {state.Divisor:N0} points");
            JsonObject entry = new()
            {
                ["round"] = round + 1,
                ["kind"] = "reward",
                ["amount"] = VerbReport.Json(amount),
                ["points"] = reward.Points.ToString(CultureInfo.InvariantCulture),
            };
            _rounds.Add((JsonNode)entry);
            if (reward.Points == 0)
            {
                _hasBefore = true;
                _report.Line($"round {round + 1}", "earned nothing: no points (research task explain says why)");
                return;
            }

            TransactionReceipt receipt = await Market.ClaimRewardAsync(
                id, round, reward, results.ProofOf(reward), Recipient, cancellationToken).ConfigureAwait(false);
            _sent++;
            _claimed += amount;
            entry["transaction"] = _report.Json(receipt);
            _report.Line(
                $"round {round + 1}",
                $"{_currency.Of(amount)} to {Recipient} ({why}), transaction {receipt.TransactionHash}").Link(receipt);
        }

        private async Task ClaimBondAsync(MarketTask task, int round, Round state, CancellationToken cancellationToken)
        {
            MarketClaim own = await Market.ClaimOfAsync(id, round, _session.Self, cancellationToken)
                .ConfigureAwait(false);
            if (own.State == ClaimState.Paid)
            {
                _hasBefore = true;
            }

            if (own.State == ClaimState.Fallen)
            {
                _report.Line($"round {round + 1}", $"the bond of {Native(task.Terms.Bond)} is lost: the claim "
                    + "was refuted");
            }

            if (own.State == ClaimState.Sealed)
            {
                _report.Line(
                    $"round {round + 1}",
                    $"the bond of {Native(task.Terms.Bond)} is lost: the sealed claim was not opened in time");
            }

            if (own.State != ClaimState.Posted
                || await FinalResults.LeadAsync(Market, id, round, state, cancellationToken).ConfigureAwait(false)
                    is not { } lead)
            {
                return;
            }

            TransactionReceipt receipt = await Market.ClaimBondAsync(
                id, round, _session.Self, lead.Claimant, Recipient, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<BondPaid> paid =
                await Market.Events.BondPaidAsync(id, round, cancellationToken).ConfigureAwait(false);
            Wei amount = paid.Last(one => one.Claimant == _session.Self).Amount;
            _sent++;
            _bonds += amount;
            _rounds.Add((JsonNode)new JsonObject
            {
                ["round"] = round + 1,
                ["kind"] = "bond",
                ["amountWei"] = VerbReport.Json(amount),
                ["transaction"] = _report.Json(receipt),
            });
            string fee = amount > task.Terms.Bond ? $", with {Native(amount - task.Terms.Bond)} of the audit fee" : "";
            _report.Line(
                $"round {round + 1}",
                $"{Native(amount)} to {Recipient} (the bond{fee}), transaction "
                    + $"{receipt.TransactionHash}").Link(receipt);
        }

        private async Task ReclaimFeesAsync(MarketTask task, TaskMoment now, CancellationToken cancellationToken)
        {
            if (task.Terms.Delivery != Delivery.Demand)
            {
                return;
            }

            IReadOnlyList<Demanded> demanded =
                await Market.Events.DemandedAsync(id, asked, cancellationToken).ConfigureAwait(false);
            Demanded[] own =
            [
                .. demanded.Where(
                    one => one.Demander == _session.Self && now.Now >= task.Terms.ScheduleOf(one.Round).Open),
            ];
            if (own.Length == 0)
            {
                return;
            }

            HashSet<(int, Address, int)> settled =
            [
                .. (await Market.Events.UpdateShownAsync(id, asked, cancellationToken).ConfigureAwait(false))
                    .Select(one => (one.Round, one.Participant, one.Chunk)),
                .. (await Market.Events.FeeReturnedAsync(id, asked, cancellationToken).ConfigureAwait(false))
                    .Select(one => (one.Round, one.Participant, one.Chunk)),
            ];
            foreach (Demanded one in own)
            {
                if (settled.Contains((one.Round, one.Participant, one.Chunk)))
                {
                    _hasBefore = true;
                    continue;
                }

                TransactionReceipt receipt = await Market.ReclaimFeeAsync(
                    id, one.Round, one.Participant, one.Chunk, Recipient, cancellationToken).ConfigureAwait(false);
                _sent++;
                _fees += one.Fee;
                _report.Line(
                    $"round {one.Round + 1}",
                    $"{Native(one.Fee)} to {Recipient} (a demand that {one.Participant} did not answer), transaction "
                    + receipt.TransactionHash).Link(receipt);
            }
        }

        // While a later round takes commitments, the stake serves for them: withdrawing it would only mean to lock it
        // again.
        private async Task WithdrawAsync(MarketTask task, TaskMoment now, CancellationToken cancellationToken)
        {
            Position position = await Market.PositionOfAsync(id, _session.Self, cancellationToken)
                .ConfigureAwait(false);
            if (!StakeText.IsFree(position, task.Terms, now.Now))
            {
                return;
            }

            ulong last = task.Terms.ScheduleOf(task.Terms.Rounds - 1).Reveal;
            if (now.Now < last)
            {
                _report.Line(
                    "stake",
                    $"{Native(task.Terms.Stake)} stay locked for later rounds, which take commitments until "
                        + $"{now.At(last)} "
                    + $"(research task withdraw {id} takes them back now)");
                return;
            }

            TransactionReceipt receipt = await Market.WithdrawStakeAsync(id, Recipient, cancellationToken)
                .ConfigureAwait(false);
            _sent++;
            _stake = task.Terms.Stake;
            _report.Line("stake", $"{Native(_stake)} to {Recipient}, transaction "
                + $"{receipt.TransactionHash}").Link(receipt)
                .Field("stakeTransaction", _report.Json(receipt));
        }
    }
}
