using System.Globalization;
using Research.Training;
using Spectre.Console;

namespace Research.Cli.Train;

/// <summary>Shows a training on standard error: a live bar on a terminal, ten lines elsewhere.</summary>
internal static class StepReporter
{
    private const int Lines = 10;

    /// <summary>Trains with progress.</summary>
    /// <param name="error">Where progress goes.</param>
    /// <param name="isPrivate">Whether the losses are a private run's, which must stay on this machine.</param>
    /// <param name="stepsBefore">Steps that an earlier run made.</param>
    /// <param name="train">Does the training; runs on a thread of its own.</param>
    /// <param name="cancellationToken">Stops the training.</param>
    public static Task<TrainingRun> RunAsync(
        TextWriter error,
        bool isPrivate,
        int stepsBefore,
        Func<IProgress<TrainingProgress>, TrainingRun> train,
        CancellationToken cancellationToken)
    {
        bool isTerminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        SynchronousProgress<TrainingProgress> lines = new(
            progress => WriteLine(error, isPrivate, stepsBefore, progress));
        return isTerminal
            ? RunLiveAsync(error, isPrivate, train, cancellationToken)
            : Task.Run(() => train(lines), cancellationToken);
    }

    private static Task<TrainingRun> RunLiveAsync(
        TextWriter error,
        bool isPrivate,
        Func<IProgress<TrainingProgress>, TrainingRun> train,
        CancellationToken cancellationToken)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask("training");
                SynchronousProgress<TrainingProgress> listener = new(progress =>
                {
                    bar.MaxValue = progress.Steps;
                    bar.Value = progress.Point.Step;
                    bar.Description = Markup.Escape(Describe(isPrivate, progress));
                });
                return await Task.Run(() => train(listener), cancellationToken).ConfigureAwait(false);
            });
    }

    private static void WriteLine(
        TextWriter error, bool isPrivate, int stepsBefore, TrainingProgress progress)
    {
        long step = progress.Point.Step;
        if (step * Lines / progress.Steps == (step - 1) * Lines / progress.Steps)
        {
            return;
        }

        double seconds = progress.Elapsed.TotalSeconds * (progress.Steps - step) / (step - stepsBefore);
        error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Describe(isPrivate, progress)}, {seconds:0.0} "
            + $"s to go"));
    }

    private static string Describe(bool isPrivate, TrainingProgress progress)
    {
        string loss = progress.Point.Loss is double value
            ? string.Create(CultureInfo.InvariantCulture, $"{value:0.0000}")
            : "– (empty batch)";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"step {progress.Point.Step}/{progress.Steps}, loss {loss}{(isPrivate ? " (local only)" : "")}");
    }
}
