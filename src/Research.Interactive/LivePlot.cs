using System.Diagnostics;
using Research.Plotting;
using Research.Training;

namespace Research.Interactive;

/// <summary>Draws a training's losses below the running cell while it goes on:
/// <c>Progress = LivePlot.Show("digits")</c>.</summary>
/// <remarks>
/// A few times a second, since drawing costs more than a step; the last step is always drawn. The losses are those of
/// the owner's own records. They are not private: keep them local.
/// </remarks>
public sealed class LivePlot : IProgress<TrainingProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);

    private readonly Lock _gate = new();
    private readonly Func<IReadOnlyList<LossPoint>, Figure> _draw;
    private readonly LiveOutput _output;
    private readonly List<LossPoint> _points = [];
    private readonly Stopwatch _sinceDrawn = Stopwatch.StartNew();

    private LivePlot(Func<IReadOnlyList<LossPoint>, Figure> draw)
    {
        _draw = draw;
        _output = LiveOutput.Show(draw([]));
    }

    /// <summary>Shows an empty loss plot that grows with each step.</summary>
    /// <param name="title">What stands above it.</param>
    public static LivePlot Show(string title = "Training") => Show(points => LossFigure.Of(title, points));

    /// <summary>Shows a plot of one's own.</summary>
    /// <param name="draw">Draws the points so far; called on the training's thread.</param>
    public static LivePlot Show(Func<IReadOnlyList<LossPoint>, Figure> draw)
    {
        ArgumentNullException.ThrowIfNull(draw);
        return new LivePlot(draw);
    }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        lock (_gate)
        {
            _points.Add(value.Point);
            if (_sinceDrawn.Elapsed >= Interval || value.Point.Step == value.Steps)
            {
                _output.Update(_draw(_points));
                _sinceDrawn.Restart();
            }
        }
    }
}
