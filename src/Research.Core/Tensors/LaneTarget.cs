using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>What the losses of 16 examples side by side want an output to be.</summary>
internal static class LaneTarget
{
    /// <summary>Gets the class that output <paramref name="output"/> stands for: a single output is that of class
    /// 1.</summary>
    public static int Class(int output, int outputs) => outputs == 1 ? 1 : output;

    /// <summary>Gets the targets of the label's class and of the others: (1 − s) + s/C and s/C.</summary>
    public static (double On, double Off) Smoothed(int classes, double smoothing) =>
        smoothing == 0 ? (1, 0) : (1 - smoothing + (smoothing / classes), smoothing / classes);

    /// <summary>Gets <paramref name="on"/> where the label is the class, else <paramref name="off"/>.</summary>
    public static (Vector512<double> Low, Vector512<double> High) Of(
        Vector512<int> labels, int wanted, double on, double off)
    {
        // A lane's mask is −1, which keeps all its bits when widened with its sign.
        (Vector512<long> low, Vector512<long> high) =
            Vector512.Widen(Vector512.Equals(labels, Vector512.Create(wanted)));
        Vector512<double> ons = Vector512.Create(on);
        Vector512<double> offs = Vector512.Create(off);
        return (
            Vector512.ConditionalSelect(low.AsDouble(), ons, offs),
            Vector512.ConditionalSelect(high.AsDouble(), ons, offs));
    }
}
