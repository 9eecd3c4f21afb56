using Research.Chain.Contracts;
using Research.Interactive.Chains;
using Research.Market;

namespace Research.Cli.Tasks;

/// <summary>Which round a verb is about, and its scoring.</summary>
internal static class RoundChoice
{
    /// <summary>Gets the round asked for, or the last whose updates are settled.</summary>
    /// <exception cref="CommandException">There is no such round yet.</exception>
    public static int Scorable(TaskMoment now, int? asked)
    {
        now.RequireRound(asked ?? 0);
        int last = now.Position.Phase is Phase.Open or Phase.Score or Phase.Refute
            ? now.Position.Round
            : now.Position.Round - 1;
        int round = asked ?? last;
        if (round >= 0 && round <= last)
        {
            return round;
        }

        ulong from = now.Terms.ScheduleOf(Math.Max(0, round)).Open;
        throw now.Refusal(
            $"round {Math.Max(0, round) + 1} can be scored from {now.At(from)} on, once its sponsor has opened the "
            + "keys.");
    }

    /// <summary>Re-executes a round's scoring, with progress on standard error.</summary>
    public static async Task<ScoredRound> ScoreAsync(
        OpenTask task, int round, TextWriter error, CancellationToken cancellationToken)
    {
        int lastTenth = 0;
        SynchronousProgress<double> progress = new(fraction =>
        {
            int tenth = (int)(fraction * 10);
            if (tenth > lastTenth)
            {
                lastTenth = tenth;
                error.WriteLine($"scoring {tenth * 10} %");
            }
        });
        return await Task.Run(() => new Scorer(task).ScoreAsync(round, progress, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }
}
