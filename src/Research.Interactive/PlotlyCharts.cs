using Plotly.NET;
using Research.Interactive.Charts;
using Research.Training;
using Figure = Research.Plotting.Figure;

namespace Research.Interactive;

/// <summary>Hands figures to Plotly.NET and takes its charts back; for notebooks that say
/// <c>#r "nuget: Plotly.NET, 6.0.0"</c>.</summary>
/// <remarks>
/// The first chart costs some 2.6 s and 153 MB, which nothing pays that calls none of these: only their own bodies and
/// signatures name the library.
/// <code>
/// var chart = Chart.withTitle("Loss", null).Invoke(run.ToChart());
/// </code>
/// </remarks>
public static class PlotlyCharts
{
    /// <summary>Makes a chart of a figure, with its colours, titles, axes and reference lines.</summary>
    /// <remarks>The vertical axis finds its own range unless the figure was told to reach certain values, since a chart
    /// may be given other data and scales.</remarks>
    public static GenericChart ToChart(this Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return ChartWriter.Write(figure);
    }

    /// <summary>Makes a chart of a training's losses by step.</summary>
    /// <remarks>The losses are those of the owner's own records. They are not private: keep them local.</remarks>
    public static GenericChart ToChart(this TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return LossFigure.Of($"Loss of {run.Spec.Name}", run.LossCurve).ToChart();
    }

    /// <summary>Makes a figure of a chart, which draws as SVG and as text.</summary>
    /// <exception cref="NotSupportedException">A figure cannot draw it; the message names the first reason.</exception>
    public static Figure ToFigure(this GenericChart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        return Figure.FromPlotlyJson(GenericChart.toJson(chart));
    }
}
