using Research.Chain.Contracts;
using Research.Interactive.Chains;

namespace Research.Cli.Tasks;

/// <summary>Which verbs a task takes at a moment, and until when.</summary>
internal static class TaskMomentVerbs
{
    extension(TaskMoment now)
    {
        /// <summary>Gets what anybody can do now.</summary>
        public string Next => now.Position.Phase switch
        {
            Phase.Pending => $"research task train {now.TaskId}",
            Phase.Commit => $"research task train {now.TaskId}, research task commit {now.TaskId}",
            Phase.Reveal => $"research task reveal {now.TaskId}",
            Phase.Answer => $"research task answer {now.TaskId}, "
                + (now.Now < now.Schedule.Demanded ? $"research task demand {now.TaskId}, " : "")
                + $"research task open {now.TaskId} (its sponsor)",
            Phase.Open => $"research task open {now.TaskId} (its sponsor)",
            Phase.Score => now.Now < now.Schedule.Post
                ? $"research task score {now.TaskId} --seal"
                : $"research task score {now.TaskId} --post",
            Phase.Refute => $"research task score {now.TaskId}",
            _ => $"research task finalise {now.TaskId}, research task claim {now.TaskId}, "
                + $"research task withdraw {now.TaskId}",
        };

        /// <summary>Gets the phase and how long it lasts.</summary>
        public string Words => now.Position.Phase switch
        {
            Phase.Pending => $"not started, until {now.At(now.Until!.Value)}",
            Phase.Closed => $"closed since {now.At(now.Terms.ScheduleOf(now.Terms.Rounds - 1).End)}",
            Phase.Score when now.Now < now.Schedule.Post =>
                $"score window {now.OfRound}: claims are sealed until {now.At(now.Schedule.Post)}, then opened until "
                + now.At(now.Until!.Value),
            Phase.Score => $"score window {now.OfRound}: sealed claims are opened until {now.At(now.Until!.Value)}",
            Phase phase => $"{NameOf(phase)} window {now.OfRound}, until {now.At(now.Until!.Value)}",
        };

        /// <summary>Gets the current round's windows; those of the last once the task is closed.</summary>
        public Schedule Schedule => now.Terms.ScheduleOf(now.LastStarted);

        /// <summary>Gets the current round, from 0; the last once the task is closed.</summary>
        public int LastStarted => Math.Min(now.Position.Round, now.Terms.Rounds - 1);

        private string OfRound => $"of round {now.Position.Round + 1} of {now.Terms.Rounds}";

        /// <summary>Gets a time with how far it is from now.</summary>
        public string At(ulong time) => LocalTime.When(now.Now, time);

        /// <summary>Throws unless the task is in a phase.</summary>
        /// <param name="wanted">The phase.</param>
        /// <param name="refused">What is not done in another, as a clause: <c>no commitment is taken</c>.</param>
        /// <exception cref="CommandException">It is in another; the message says in which, until
        /// when, and what can be done.</exception>
        public void Require(Phase wanted, string refused)
        {
            if (now.Position.Phase != wanted)
            {
                throw now.Refusal($"{refused} now. {NextWindow(now, wanted)}");
            }
        }

        /// <summary>Makes the error that says where the task stands, why not, and what can be done.</summary>
        public CommandException Refusal(string why) =>
            new($"Task {now.TaskId}: {now.Words}; {why} What can be done now: {now.Next}.");

        /// <summary>Throws unless a round exists.</summary>
        /// <exception cref="CommandException">The task has fewer rounds.</exception>
        public void RequireRound(int round)
        {
            if (round >= now.Terms.Rounds)
            {
                throw new CommandException(
                    $"--round: expected 1 to {now.Terms.Rounds}, the rounds of task {now.TaskId}, got {round + 1}.");
            }
        }
    }

    private static string NameOf(Phase phase) => phase.ToString().ToLowerInvariant();

    private static string NextWindow(TaskMoment now, Phase wanted)
    {
        if (wanted == Phase.Answer && now.Terms.Delivery == Delivery.Calldata)
        {
            return "Its updates travel whole in their reveals: there is nothing to demand or to answer.";
        }

        for (int round = now.Position.Round; round < Math.Min(now.Position.Round + 2, now.Terms.Rounds); round++)
        {
            Schedule schedule = now.Terms.ScheduleOf(round);
            ulong start = wanted switch
            {
                Phase.Commit => schedule.Commit,
                Phase.Reveal => schedule.Reveal,
                Phase.Answer => schedule.Answer,
                Phase.Open => schedule.Open,
                Phase.Score => schedule.Score,
                _ => schedule.Refute,
            };
            if (start > now.Now)
            {
                return $"The next {NameOf(wanted)} window is that of round {round + 1}, from {now.At(start)}.";
            }
        }

        return $"There is no later {NameOf(wanted)} window.";
    }
}
