using System.Numerics;
using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>δ(ε) of plans whose steps seldom hit the record: the contour integral over M − B, the bulk taken
/// out.</summary>
/// <remarks>
/// Over all steps, M is the transform of the measure of losses and B that of a part of it, steps without a jump; so is
/// their difference, to which everything said of <see cref="LossContour"/> applies. What B adds to δ(ε) is at most
/// Chernoff's bound, which is kept below e⁻²¹ of δ by choosing the cut between bulk and jumps. Only with the record
/// against without: the other direction has no jumps upwards.
/// </remarks>
internal sealed class JumpContour(IReadOnlyList<(PrivacyEvent Step, long Count)> plan, WorkBudget budget)
{
    private const double TailFraction = 1e-9;
    private const double Dear = 4e7;

    private (SplitTransform Step, long Count)[] _parts = [];

    /// <summary>Gets bounds on the smallest ε at a δ.</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="guess">An ε to start from, above 0.</param>
    /// <exception cref="ContourException">The integral would take too long, or cancel.</exception>
    public EpsilonBounds Epsilon(double delta, double guess)
    {
        if (plan.Any(part => part.Step is not GaussianEvent))
        {
            throw new ContourException("Atoms of the loss never fade along a line.");
        }

        double goal = DoubleLog.Of(delta);
        double share = 2;
        for (int i = 0; i < 8; i++)
        {
            share = Cut(guess, goal, share);
            EpsilonBounds bounds = Evaluate(guess, goal).Solve(guess, goal);
            if (bounds.Upper >= 0.9 * guess && BulkLogDelta(bounds.Lower) <= goal - LossContour.AliasExponent)
            {
                return bounds.Upper - bounds.Lower <= LossContour.MostGap * Math.Max(1, bounds.Upper)
                    ? bounds
                    : throw new ContourException("The integral cancels.");
            }

            if (bounds.Upper < 1e-9)
            {
                break;
            }

            guess = Math.Clamp(bounds.Upper, guess / 4, guess * 4);
        }

        throw new ContourException("No cut parts the bulk from the jumps.");
    }

    // The largest cut, as a share of ε, at which the bulk adds nothing.
    private double Cut(double epsilon, double goal, double first)
    {
        double lightest = goal - DoubleLog.Of(plan.Sum(part => (double)part.Count));
        for (double share = first; share <= 24; share *= 1.5)
        {
            _parts =
            [
                .. plan.Select(part => (new SplitTransform(part.Step, epsilon / share, lightest, budget), part.Count)),
            ];
            if (BulkLogDelta(0.97 * epsilon) <= goal - LossContour.AliasExponent)
            {
                return share;
            }
        }

        throw new ContourException("No cut parts the bulk from the jumps.");
    }

    private double BulkLogDelta(double epsilon)
    {
        double best = 0;
        double most = _parts.Min(part => part.Step.MostBulkTilt);
        for (double t = 10 / epsilon; t < most; t *= 1.5)
        {
            double log = _parts.Sum(part => part.Count * part.Step.LogBulk(t));
            double bound = log - (t * epsilon) + LossContour.Payoff(t);
            if (bound > best + 5 || double.IsNaN(bound))
            {
                break;
            }

            best = bound < best ? bound : best;
        }

        return best;
    }

    private ContourLine Evaluate(double epsilon, double goal)
    {
        // The logarithm of a measure's transform is convex: the least of the integrand's size is the saddle.
        double t = 0;
        (double Bulk, double LogJumps) at = default;
        double least = double.PositiveInfinity;
        for (double other = 0.05; other < 5000; other *= 1.3)
        {
            (double bulk, double logJumps) = At(other);
            double size = bulk + logJumps - (other * epsilon) - DoubleLog.Of(other) - DoubleLog1P.Of(other);
            if (!(size < least))
            {
                break;
            }

            (least, t, at) = (size, other, (bulk, logJumps));
        }

        if (!(t > 0))
        {
            throw new ContourException("No saddle point lies within reach.");
        }

        double exponent = LossContour.AliasExponent;
        double left = (exponent - goal) / t;
        (double right, double rightTilt) = (double.PositiveInfinity, t);
        for (double other = t * 1.1; other < t * 6; other *= 1.25)
        {
            (double bulk, double logJumps) = At(other);
            double chernoff = bulk + logJumps - (other * epsilon) + LossContour.Payoff(other);
            double needed = (chernoff - goal + exponent) / (other - t);
            (right, rightTilt) = needed < right ? (needed, other) : (right, rightTilt);
        }

        double log = at.Bulk + at.LogJumps;
        double perJumps = DoubleExp.Of(-at.LogJumps);
        return LossContour.Along(
            t,
            log,
            (2 * Math.PI / Math.Max(left, right), double.PositiveInfinity),
            () => Errors(t) with
            {
                Omitted = DoubleExp.Of(-exponent),
                Alias = 4 * DoubleExp.Of(-exponent),
                AliasTilt = rightTilt,
                AliasEpsilon = epsilon,
            },
            TailFraction * Math.PI * DoubleExp.Of(Math.Min(0, goal - log + (t * epsilon))),
            budget.Part(Dear),
            (from, to) => _parts.Sum(part => part.Step.SetLine(t, from, to)),
            y =>
            {
                Complex ratio = Ratio(y) * perJumps;
                return (ratio, Complex.Abs(ratio));
            });
    }

    // Of all steps: Σ ln B, and ln(M/B − 1).
    private (double LogBulk, double LogJumps) At(double t)
    {
        double bulk = 0;
        double jumps = 0;
        foreach ((SplitTransform part, long count) in _parts)
        {
            double log = part.LogBulk(t);
            bulk += count * log;
            double ratio = part.Jumps(t) * DoubleExp.Of(-log);
            jumps += double.IsFinite(ratio) ? count * DoubleLog1P.Of(ratio) : double.PositiveInfinity;
        }

        return (bulk, jumps < 30 ? DoubleLog.Of(DoubleExpM1.Of(jumps)) : jumps);
    }

    // What is missing of each value, and what rounding turns its angle by: see ContourLine.
    private LineErrors Errors(double t)
    {
        (double values, double angles) = (0, 0);
        foreach ((SplitTransform part, long count) in _parts)
        {
            (double bulk, double jumps) = part.MeanSizes(t);
            double hits = Math.Max(1, count * part.Jumps(t) * DoubleExp.Of(-part.LogBulk(t)));
            values += (LossNodes.RelativeError * (count + hits)) + (part.LeftOut * hits);
            angles += (count * bulk) + (hits * jumps);
        }

        return new LineErrors(values, angles, Omitted: 0, Alias: 0, AliasTilt: 0, AliasEpsilon: 0);
    }

    // (M − B)(t + iy)/B(t).
    private Complex Ratio(double y)
    {
        Complex bulk = Complex.Zero;
        Complex jumps = Complex.Zero;
        foreach ((SplitTransform part, long count) in _parts)
        {
            (Complex less, Complex jump) = part.At(y);
            bulk = Oscillation.ProductLessOne(bulk, Oscillation.PowerLessOne(less, count));
            jumps = Oscillation.ProductLessOne(jumps, Oscillation.PowerLessOne(jump / (Complex.One + less), count));
        }

        return (Complex.One + bulk) * jumps;
    }
}
