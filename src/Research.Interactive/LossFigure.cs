using Research.Plotting;
using Research.Training;

namespace Research.Interactive;

/// <summary>A training's losses by step.</summary>
internal static class LossFigure
{
    public static Figure Of(string title, IReadOnlyList<LossPoint> points)
    {
        LossPoint[] measured = [.. points.Where(point => point.Validation is not null)];
        Figure figure = Figure.Titled(title)
            .Line("training batch", points.Select(point => point.Step), points.Select(point => point.Loss ?? double.NaN))
            .IncludingY(0)
            .WithAxes("step", "loss (nats)");
        return measured.Length == 0 ? figure : figure.Line(
            "validation", measured.Select(point => point.Step), measured.Select(point => point.Validation!.Loss));
    }
}
