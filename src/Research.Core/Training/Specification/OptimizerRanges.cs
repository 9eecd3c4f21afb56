using Research.Training.Optimizers;

namespace Research.Training.Specification;

/// <summary>What the numbers of an optimiser and of its schedule may be.</summary>
internal static class OptimizerRanges
{
    private const string Fraction = "a number in [0, 1)";

    public static void Check(Optimizer optimizer, int steps)
    {
        Check(
            optimizer.LearningRate,
            optimizer.LearningRate is > 0 and <= 1e6,
            "a number in (0, 1000000]",
            "learningRate");
        switch (optimizer)
        {
            case Sgd sgd:
                Check(sgd);
                break;
            case Adam adam:
                CheckMoments(adam.Beta1, adam.Beta2, adam.Epsilon);
                break;
            case AdamW adamW:
                CheckMoments(adamW.Beta1, adamW.Beta2, adamW.Epsilon);
                CheckDecay(adamW.WeightDecay);
                break;
            default:
                throw new InvalidOperationException($"No ranges of optimiser {optimizer.Type}.");
        }

        if (optimizer.Schedule is { } schedule)
        {
            Check(schedule, steps);
        }
    }

    private static void Check(Sgd sgd)
    {
        Check(sgd.Momentum, sgd.Momentum is >= 0 and < 1, Fraction, "momentum");
        if (sgd.Nesterov)
        {
            Check(sgd.Momentum, sgd.Momentum > 0, "a number in (0, 1) with nesterov", "momentum");
        }

        CheckDecay(sgd.WeightDecay);
    }

    // Below 1e-12 a float's ε no longer keeps the quotient of two vanished moments from being 0/0.
    private static void CheckMoments(double beta1, double beta2, double epsilon)
    {
        Check(beta1, beta1 is >= 0 and < 1, Fraction, "beta1");
        Check(beta2, beta2 is >= 0 and < 1, Fraction, "beta2");
        Check(epsilon, epsilon is >= 1e-12 and <= 1, "a number in [1e-12, 1]", "epsilon");
    }

    private static void CheckDecay(double decay) =>
        Check(decay, decay is >= 0 and <= 100, "a number in [0, 100]", "weightDecay");

    private static void Check(LearningRateSchedule schedule, int steps)
    {
        // A constant schedule without a warm-up is no schedule: one way to say it keeps one hash for it.
        int least = schedule is ConstantSchedule ? 1 : 0;
        SpecRange.Check(schedule.WarmUpSteps, least, steps, "$.optimizer.schedule.warmUpSteps");
        if (schedule is CosineSchedule { FinalFraction: double fraction })
        {
            Check(fraction, fraction is >= 0 and < 1, Fraction, "schedule.finalFraction");
        }
        else if (schedule is StepSchedule step)
        {
            SpecRange.Check(step.Every, 1, TrainingRanges.MostSteps, "$.optimizer.schedule.every");
            Check(step.Factor, step.Factor is > 0 and < 1, "a number in (0, 1)", "schedule.factor");
        }
    }

    private static void Check(double value, bool inside, string interval, string name) =>
        SpecRange.Check(value, inside, interval, "$.optimizer." + name);
}
