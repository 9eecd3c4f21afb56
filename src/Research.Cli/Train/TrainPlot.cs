using System.Globalization;
using System.Text;
using Research.Plotting;
using Research.Training;

namespace Research.Cli.Train;

/// <summary>The loss plot of a training.</summary>
internal static class TrainPlot
{
    private const string LocalOnly = "The training losses of a private run are not private: keep this file on this "
        + "machine.";

    /// <summary>Says whether a file can be drawn: .html or .svg.</summary>
    public static bool IsSupported(string path) => Path.GetExtension(path) is ".html" or ".svg";

    /// <summary>Draws the plot in the form that the file's ending asks for.</summary>
    public static byte[] Draw(string path, TrainingRun run, string data)
    {
        Figure figure = Figure(run, data);
        string text = Path.GetExtension(path) == ".svg" ? figure.ToSvg() : Page(run, figure);
        return Encoding.UTF8.GetBytes(text);
    }

    private static Figure Figure(TrainingRun run, string data)
    {
        LossPoint[] trained = [.. run.LossCurve.Where(point => point.Loss is not null)];
        LossPoint[] measured = [.. run.LossCurve.Where(point => point.Validation is not null)];
        bool isPrivate = run.Privacy is not null;
        Figure figure = Plotting.Figure.Titled($"Loss of {run.Spec.Name} on {data}")
            .Line(
                isPrivate ? "training (local only)" : "training",
                trained.Select(p => p.Step),
                trained.Select(p => p.Loss!.Value))
            .Line("held out", measured.Select(p => p.Step), measured.Select(p => p.Validation!.Loss), markers: true)
            .WithAxes("step", "loss (nats)");
        return isPrivate ? figure.WithSubtitle(LocalOnly) : figure;
    }

    private static string Page(TrainingRun run, Figure figure)
    {
        Evaluation heldOut = run.LossCurve[^1].Validation!;
        HtmlPage page = new HtmlPage(figure.Title)
            .Lead($"Specification {run.Spec.Hash}")
            .Stats(
                new Stat("Held-out accuracy", heldOut.Accuracy.ToString("P2", CultureInfo.InvariantCulture)),
                new Stat("Held-out loss", heldOut.Loss.ToString("0.0000", CultureInfo.InvariantCulture), "nats"));
        if (run.Privacy is not null)
        {
            page.Callout(CalloutKind.Warning, "Local only", LocalOnly);
        }

        return page.Figure(figure).ToHtml();
    }
}
