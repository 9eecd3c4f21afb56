using Research.Chain.Contracts;
using Research.Interactive.Chains;

namespace Research.Cli.Tasks;

/// <summary>Which verbs a task takes at a moment.</summary>
internal static class TaskMomentVerbs
{
    extension(TaskMoment now)
    {
        /// <summary>Gets what can be done now.</summary>
        public string Next => now.Position.Phase switch
        {
            Phase.Pending => $"research task train {now.TaskId}",
            Phase.Commit => $"research task train {now.TaskId}, research task commit {now.TaskId}",
            Phase.Reveal => $"research task reveal {now.TaskId}",
            Phase.Score =>
                $"research task open {now.TaskId} (its sponsor), research task score {now.TaskId} --post",
            Phase.Challenge =>
                $"research task score {now.TaskId}, research task challenge {now.TaskId} if it differs",
            _ => now.Now < now.Terms.ClaimDeadline()
                ? $"research task finalise {now.TaskId}, research task claim {now.TaskId}, "
                    + $"research task withdraw {now.TaskId}"
                : $"research task refund {now.TaskId}, research task withdraw {now.TaskId}",
        };

        /// <summary>Throws unless the task is in a phase.</summary>
        /// <param name="wanted">The phase.</param>
        /// <param name="refused">What is not done in another, as a clause: <c>no commitment is taken</c>.</param>
        /// <exception cref="CommandException">It is in another; the message says in which, until
        /// when, and what can be done.</exception>
        public void Require(Phase wanted, string refused)
        {
            if (now.Position.Phase != wanted)
            {
                throw new CommandException(
                    $"Task {now.TaskId}: {now.Phase}; {refused} now. {NextWindow(now, wanted)} "
                    + $"What can be done now: {now.Next}.");
            }
        }

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

    private static string NextWindow(TaskMoment now, Phase wanted)
    {
        for (int round = now.Position.Round; round < Math.Min(now.Position.Round + 2, now.Terms.Rounds); round++)
        {
            Schedule schedule = now.Terms.ScheduleOf(round);
            ulong start = wanted switch
            {
                Phase.Commit => schedule.Commit,
                Phase.Reveal => schedule.Reveal,
                Phase.Score => schedule.Score,
                _ => schedule.Challenge,
            };
            if (start > now.Now)
            {
                return $"The next {TaskMoment.Name(wanted)} window is that of round {round + 1}, from {now.When(start)}.";
            }
        }

        return $"There is no later {TaskMoment.Name(wanted)} window.";
    }
}
