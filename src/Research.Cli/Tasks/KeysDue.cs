using Research.Chain.Contracts;
using Research.Interactive.Chains;

namespace Research.Cli.Tasks;

/// <summary>What a sponsor opens next, once all that is due now is open.</summary>
internal static class KeysDue
{
    /// <summary>Says of which round the keys are due next, and from when to when; or that none are.</summary>
    public static string After(TaskMoment now)
    {
        for (int round = now.LastStarted; round < now.Terms.Rounds; round++)
        {
            Schedule schedule = now.Terms.ScheduleOf(round);
            if (schedule.Open > now.Now)
            {
                return $"research task open {now.TaskId}, for the keys of round {round + 1}, from "
                    + $"{now.At(schedule.Open)} to {LocalTime.At(schedule.Score)}: else that round's pool is burned, "
                    + "unless nobody reveals in it";
            }
        }

        return $"nothing more is to be opened in this task; research task show {now.TaskId} says how it goes on";
    }
}
