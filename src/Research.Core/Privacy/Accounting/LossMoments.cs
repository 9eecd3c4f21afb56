using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>Moments of a plan's privacy loss to a few digits: they choose the tilt and the window, and prove
/// nothing.</summary>
internal sealed class LossMoments
{
    private const double LogTwoPi = 1.8378770664093453;
    private const double LeastLogTilt = -12;
    private const double GreatestLogTilt = 20;
    private const double PerLoss = 12; // Operations.
    private const double Inverse = 0.6180339887498949; // Of the golden ratio.

    private readonly (double[] Losses, double[] LogMasses, int Steps)[] _plan;

    private readonly WorkBudget _budget;
    private readonly double _count;

    public LossMoments(IReadOnlyList<(OneStepLoss Loss, int Steps)> plan, WorkBudget budget)
    {
        _budget = budget;
        _plan = [.. plan.Select(part =>
        {
            List<double> losses = [];
            List<double> logMasses = [];
            part.Loss.Sample((mass, loss) =>
            {
                losses.Add(loss);
                logMasses.Add(DoubleLog.Of(Math.Max(mass, double.Epsilon)));
            });
            return (losses.ToArray(), logMasses.ToArray(), part.Steps);
        })];
        _count = _plan.Sum(part => (double)part.Losses.Length);
    }

    /// <summary>Gets ln E[e^(tL)] and the mean and variance of L under the law tilted by e^(tL).</summary>
    public (double Log, double Mean, double Variance) At(double tilt)
    {
        _budget.Spend(_count * PerLoss);
        (double log, double mean, double variance) = (0, 0, 0);
        foreach ((double[] losses, double[] logMasses, int steps) in _plan)
        {
            double top = double.NegativeInfinity;
            for (int i = 0; i < losses.Length; i++)
            {
                top = Math.Max(top, logMasses[i] + (tilt * losses[i]));
            }

            (double zeroth, double first, double second) = (0, 0, 0);
            for (int i = 0; i < losses.Length; i++)
            {
                double weight = DoubleExp.Of(logMasses[i] + (tilt * losses[i]) - top);
                zeroth += weight;
                first += weight * losses[i];
                second += weight * losses[i] * losses[i];
            }

            first /= zeroth;
            log += steps * (top + DoubleLog.Of(zeroth));
            mean += steps * first;
            variance += steps * Math.Max((second / zeroth) - (first * first), 0);
        }

        return (log, mean, variance);
    }

    /// <summary>Gets about half the variance that a lattice of step h adds to the sum.</summary>
    public double Blur(double tilt, double step)
    {
        double blur = 0;
        foreach ((double[] losses, double[] logMasses, int steps) in _plan)
        {
            double top = double.NegativeInfinity;
            for (int i = 0; i < losses.Length; i++)
            {
                top = Math.Max(top, logMasses[i] + (tilt * losses[i]));
            }

            (double zeroth, double sum) = (0, 0);
            for (int i = 0; i < losses.Length; i++)
            {
                double weight = DoubleExp.Of(logMasses[i] + (tilt * losses[i]) - top);
                zeroth += weight;
                sum += weight * Math.Min(step * step / 12, Math.Abs(losses[i]) * step / 2);
            }

            blur += steps * sum / zeroth;
        }

        return blur;
    }

    /// <summary>Gets the tilt whose saddle point lies near the ε of a δ.</summary>
    public double TiltOfDelta(double delta)
    {
        double goal = DoubleLog.Of(delta);
        return Bisect(tilt =>
        {
            (double log, _, double variance) = At(tilt);
            double curvature = variance + (1 / (tilt * tilt)) + (1 / ((1 + tilt) * (1 + tilt)));
            double logDelta = log - (tilt * Saddle(tilt)) - DoubleLog.Of(tilt * (1 + tilt))
                - (0.5 * (LogTwoPi + DoubleLog.Of(curvature)));
            return logDelta > goal;
        });
    }

    /// <summary>Gets Chernoff's bound on ε at a tilt: δ(ε) ≤ e^(K(t) − tε).</summary>
    public double EpsilonBound(double tilt, double delta) => (At(tilt).Log - DoubleLog.Of(delta)) / tilt;

    /// <summary>Gets the tilt whose saddle point lies at ε.</summary>
    public double TiltOfEpsilon(double epsilon) => Bisect(tilt => Saddle(tilt) < epsilon);

    /// <summary>Gets how far the tilted sum reaches below and above its mean, up to a mass of e^<paramref name="log"/>,
    /// and the further tilts by which Chernoff's bound says so.</summary>
    public ((double Below, double Above) Length, (double Below, double Above) Tilt) Reach(double tilt, double log)
    {
        (double at, double mean, double variance) = At(tilt);
        double centre = -0.5 * DoubleLog.Of(Math.Max(variance, 1e-300));
        double Chernoff(double u, int sign)
        {
            double s = DoubleExp.Of(u);
            return ((At(tilt + (sign * s)).Log - at - log) / s) - (sign * mean);
        }

        (double below, double atBelow) = Least(u => Chernoff(u, -1), centre - 5, centre + 5);
        (double above, double atAbove) = Least(u => Chernoff(u, 1), centre - 5, centre + 5);
        return ((below, above), (DoubleExp.Of(atBelow), DoubleExp.Of(atAbove)));
    }

    /// <summary>ε at which e^(K(t) − tε)/(t(1 + t)) has its saddle point at t.</summary>
    private double Saddle(double tilt) => At(tilt).Mean - (1 / tilt) - (1 / (1 + tilt));

    private static double Bisect(Func<double, bool> tooSmall)
    {
        (double low, double high) = (LeastLogTilt, GreatestLogTilt);
        for (int i = 0; i < 34; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = tooSmall(DoubleExp.Of(middle)) ? (middle, high) : (low, middle);
        }

        return DoubleExp.Of(low);
    }

    private static (double Value, double At) Least(Func<double, double> f, double low, double high)
    {
        double x = high - (Inverse * (high - low));
        double y = low + (Inverse * (high - low));
        (double atX, double atY) = (f(x), f(y));
        for (int i = 0; i < 14; i++)
        {
            if (atX < atY)
            {
                (high, y, atY) = (y, x, atX);
                x = high - (Inverse * (high - low));
                atX = f(x);
            }
            else
            {
                (low, x, atX) = (x, y, atY);
                y = low + (Inverse * (high - low));
                atY = f(y);
            }
        }

        return atX < atY ? (atX, x) : (atY, y);
    }
}
