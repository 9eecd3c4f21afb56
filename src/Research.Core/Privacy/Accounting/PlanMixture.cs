using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>One of several plans, drawn at random by what no record influences; which one is told.</summary>
/// <remarks>
/// δ(ε) is at most the mean of the plans' δ(ε). So for any δⱼ whose mean is at most δ, the largest of the plans' ε at
/// their own δⱼ bounds ε: each allocation is sound. The best makes all εⱼ equal; it starts from Rényi divergences and
/// improves by extrapolating each ln δⱼ to a common ε.
/// </remarks>
internal sealed class PlanMixture
{
    private const double Reserved = 1e-3; // Of δ, shared by all plans, so that none gets a δⱼ beyond reach.
    private const double LargestDelta = 0.999;
    private const double LeastDelta = 1e-250; // Below it, shares of what is reserved might underflow.
    private const double Precision = 1e-7; // Of max(1, ε).
    private const int Rounds = 6;

    private readonly double[] _probabilities;
    private readonly ExactAccountant[] _accountants;
    private readonly RenyiCurve[] _curves;

    /// <summary>Creates a mixture.</summary>
    /// <param name="plans">Probabilities, or upper bounds on them, and plans.</param>
    public PlanMixture(IReadOnlyList<(double Probability, PrivacyEvent[] Plan, RenyiCurve Curve)> plans)
    {
        _probabilities = [.. plans.Select(plan => plan.Probability)];
        _curves = [.. plans.Select(plan => plan.Curve)];
        _accountants = new ExactAccountant[plans.Count];
        for (int j = 0; j < _accountants.Length; j++)
        {
            _accountants[j] = new ExactAccountant();
            foreach (PrivacyEvent e in plans[j].Plan)
            {
                _accountants[j].Compose(e);
            }
        }
    }

    /// <summary>Gets an upper bound on ε.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <exception cref="InvalidOperationException">No finite bound was found.</exception>
    public double Epsilon(double delta)
    {
        double best = RenyiEpsilon(delta);
        if (delta < LeastDelta)
        {
            return best;
        }

        double[] logDeltas = new double[_curves.Length];
        double[] slopes = new double[_curves.Length];
        double step = 1e-3 * Math.Max(best, 1e-3);
        for (int j = 0; j < logDeltas.Length; j++)
        {
            logDeltas[j] = LogOf(_curves[j].Delta(best));
            slopes[j] = Math.Max(1e-3, (logDeltas[j] - LogOf(_curves[j].Delta(best + step))) / step);
        }

        double[] epsilons = [.. Enumerable.Repeat(best, logDeltas.Length)];
        WorkBudget budget = WorkBudget.OfQuery();
        for (int round = 0; round < Rounds; round++)
        {
            double common = Common(delta, logDeltas, slopes, epsilons);
            double largest = 0;
            double used = 0;
            for (int j = 0; j < logDeltas.Length; j++)
            {
                double given = Given(j, delta, logDeltas[j] - (slopes[j] * (common - epsilons[j])));
                if (budget.IsSpent)
                {
                    return best; // Sound as it is, and what would improve on it takes too long.
                }

                double epsilon = _accountants[j].Bounds(given, budget.Part(WorkBudget.Query / 4)).Upper;
                used += _probabilities[j] * given;
                double log = DoubleLog.Of(given);
                double slope = (logDeltas[j] - log) / (epsilon - epsilons[j]);
                slopes[j] = round > 0 && slope > 1e-3 && slope < 1e6 ? slope : slopes[j];
                (logDeltas[j], epsilons[j]) = (log, epsilon);
                largest = Math.Max(largest, epsilon);
            }

            if (!(used <= delta))
            {
                break; // Not an allocation: extrapolation found no ε that is enough.
            }

            bool isDone = largest >= best - (Precision * Math.Max(1, best));
            best = Math.Min(best, largest);
            if (isDone && round > 1)
            {
                break;
            }
        }

        return best;
    }

    /// <summary>Gets the least ε by the plans' Rényi curves, each at its own best order.</summary>
    private double RenyiEpsilon(double delta)
    {
        double enough = 1;
        while (Mean(enough) > delta)
        {
            enough = enough < 1e15
                ? enough * 2
                : throw new InvalidOperationException("No finite epsilon bounds this plan: there is too little noise.");
        }

        double tooLittle = 0;
        while (enough - tooLittle > 1e-9 * enough)
        {
            double middle = (tooLittle + enough) / 2;
            (tooLittle, enough) = Mean(middle) <= delta ? (tooLittle, middle) : (middle, enough);
        }

        return enough;
    }

    private double Mean(double epsilon)
    {
        double sum = 0;
        for (int j = 0; j < _curves.Length; j++)
        {
            sum += _probabilities[j] * _curves[j].Delta(epsilon);
        }

        return sum;
    }

    // The ε at which extrapolated δⱼ use up what is not reserved.
    private double Common(double delta, double[] logDeltas, double[] slopes, double[] epsilons)
    {
        double low = 0;
        double high = (2 * epsilons.Max()) + 1;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            double sum = 0;
            for (int j = 0; j < logDeltas.Length; j++)
            {
                sum += _probabilities[j] * Given(j, delta, logDeltas[j] - (slopes[j] * (middle - epsilons[j])));
            }

            (low, high) = sum <= delta ? (low, middle) : (middle, high);
        }

        return high;
    }

    // δⱼ, at least its share of what is reserved.
    private double Given(int j, double delta, double logDelta)
    {
        double share = Reserved * delta / _curves.Length / _probabilities[j];
        return Math.Clamp(DoubleExp.Of(logDelta), Math.Min(LargestDelta, share), LargestDelta);
    }

    private static double LogOf(double delta) => delta > 1e-300 ? DoubleLog.Of(delta) : -690;
}
