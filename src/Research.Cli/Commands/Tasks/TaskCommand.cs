using System.CommandLine;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task</c>: each role's step of a task, against any chain.</summary>
internal static class TaskCommand
{
    public static Command Create() => new("task", "Take any role's step in a task: sponsor, data owner or scorer.")
    {
        TaskNewCommand.Create(),
        TaskPublishCommand.Create(),
        TaskListCommand.Create(),
        TaskShowCommand.Create(),
        TaskTrainCommand.Create(),
        TaskCommitCommand.Create(),
        TaskRevealCommand.Create(),
        TaskDemandCommand.Create(),
        TaskAnswerCommand.Create(),
        TaskPinCommand.Create(),
        TaskOpenCommand.Create(),
        TaskScoreCommand.Create(),
        TaskExplainCommand.Create(),
        TaskWatchCommand.Create(),
        TaskFinaliseCommand.Create(),
        TaskClaimCommand.Create(),
        TaskWithdrawCommand.Create(),
        TaskForfeitCommand.Create(),
        TaskRefundCommand.Create(),
    };
}
