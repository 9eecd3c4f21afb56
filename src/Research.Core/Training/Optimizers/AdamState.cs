using Research.Tensors;

namespace Research.Training.Optimizers;

/// <summary>Adam or AdamW at work.</summary>
internal sealed class AdamState : OptimizerState
{
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly double _weightDecay;
    private readonly float[] _firstMoment;
    private readonly float[] _secondMoment;

    public AdamState(double beta1, double beta2, double epsilon, double weightDecay, int weightCount)
    {
        _beta1 = beta1;
        _beta2 = beta2;
        _epsilon = epsilon;
        _weightDecay = weightDecay;
        _firstMoment = new float[weightCount];
        _secondMoment = new float[weightCount];
        Slots = [("firstMoment", _firstMoment), ("secondMoment", _secondMoment)];
    }

    public override IReadOnlyList<(string Name, float[] Values)> Slots { get; }

    public override void Step(
        Span<float> weights,
        ReadOnlySpan<float> gradient,
        float scale,
        float learningRate,
        int step,
        int start,
        int end)
    {
        AdamCoefficients by = new(
            scale,
            Shrink: (float)(1 - (learningRate * _weightDecay)),
            (float)_beta1,
            FirstShare: (float)(1 - _beta1),
            (float)_beta2,
            SecondShare: (float)(1 - _beta2),
            RootCorrection: (float)Math.Sqrt(1 - IntegerPower.Of(_beta2, step)),
            (float)_epsilon,
            StepSize: (float)(learningRate / (1 - IntegerPower.Of(_beta1, step))));
        AdamStep.Apply(
            weights[start..end],
            _firstMoment.AsSpan(start..end),
            _secondMoment.AsSpan(start..end),
            gradient[start..end],
            by);
    }
}
