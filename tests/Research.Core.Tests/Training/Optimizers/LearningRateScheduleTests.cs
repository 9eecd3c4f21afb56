using Research.Training.Optimizers;

namespace Research.Tests.Training.Optimizers;

public sealed class LearningRateScheduleTests
{
    // Oracle: PyTorch's CosineAnnealingLR(T_max=37, eta_min=0.06) and StepLR(4, 0.7), rate 0.3, after 5 steps of
    // warm-up. The angle and both roundings leave 1e-15 of the rate.
    [Theory]
    [InlineData("cosine")]
    [InlineData("step")]
    public void Rate_AfterTheWarmUp_FollowsTorch(string type)
    {
        LearningRateSchedule schedule = type == "cosine" ? new CosineSchedule(5, 0.2) : new StepSchedule(4, 0.7, 5);
        double[] expected = TorchRows.Doubles(TorchRows.Root.GetProperty("schedules").GetProperty(type));

        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], schedule.Rate(0.3, 6 + i, 5 + expected.Length), 1e-15);
        }
    }

    [Fact]
    public void Rate_InTheWarmUp_RisesInEqualPartsToTheWholeRate()
    {
        LearningRateSchedule[] schedules =
            [new ConstantSchedule(4), new CosineSchedule(4), new StepSchedule(1, 0.5, 4)];
        foreach (LearningRateSchedule schedule in schedules)
        {
            Assert.Equal([0.5, 1, 1.5, 2], Enumerable.Range(1, 4).Select(step => schedule.Rate(2, step, 10)));
        }

        Assert.Equal(2, schedules[0].Rate(2, 10, 10));
        Assert.Equal([2, 1, 0.5], Enumerable.Range(5, 3).Select(step => schedules[2].Rate(2, step, 10)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000_000)]
    public void Rate_LastStepOfACosine_IsExactlyTheFinalFraction(int steps)
    {
        Assert.Equal(0, new CosineSchedule().Rate(0.3, steps, steps));
        Assert.Equal(0.25, new CosineSchedule(0, 0.125).Rate(2, steps, steps));
    }

    [Fact]
    public void Rate_Cosine_NeverRises()
    {
        CosineSchedule schedule = new(0, 0.1);
        double last = 1;
        for (int step = 1; step <= 10_000; step++)
        {
            double rate = schedule.Rate(1, step, 10_000);
            Assert.True(rate <= last);
            last = rate;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public void Rate_StepOutsideTheRun_IsRefused(int step) =>
        Assert.Equal(
            "step",
            Assert.Throws<ArgumentOutOfRangeException>(() => new CosineSchedule().Rate(1, step, 10)).ParamName);

    [Fact]
    public void RateAt_WithoutSchedule_IsTheLearningRate()
    {
        Assert.Equal(0.1, new Sgd(0.1).RateAt(7, 10));
        Assert.Equal(0.05, new Sgd(0.1) { Schedule = new ConstantSchedule(4) }.RateAt(2, 10));
    }
}
