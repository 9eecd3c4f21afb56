using Research.Training;
using Research.Training.Aggregation;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Tests.Federation.Program;

/// <summary>Small specifications drawn from a seed.</summary>
internal sealed class PlainSpecs(int seed)
{
    private const int Most = 600; // Weights: what a case costs grows with them.

    private readonly Random _random = new(seed);

    /// <summary>Draws a specification that can be paid and has rounds enough.</summary>
    public ModelSpec Draw(int rounds)
    {
        while (true)
        {
            ModelSpec spec = Try(rounds);
            try
            {
                Research.Federation.Rewards.PayableSpec.Require(spec);
            }
            catch (SpecException)
            {
                continue; // Shapes that do not fit, too few weights, too little noise.
            }

            if (spec.GetParameters().Sum(tensor => tensor.Length) <= Most)
            {
                return spec;
            }
        }
    }

    private ModelSpec Try(int rounds)
    {
        int steps = _random.Next(1, 4);
        double momentum = One(0.0, 0.9, 0.5);
        int[] input = _random.Next(5) < 4
            ? [_random.Next(1, 3), _random.Next(3, 7), _random.Next(3, 7)]
            : [_random.Next(3, 25)];
        ModelSpec spec = PlainCase.Spec(input, Layers(input), rounds, _random.Next(50, 71), _random.Next(1, 4));
        return spec with
        {
            Optimizer = new Sgd(
                Math.Exp((4 * _random.NextDouble()) - 3), momentum, momentum > 0 && One(true, false), One(0, 0, 1e-4, 0.1))
            {
                Schedule = One<Func<LearningRateSchedule?>>(
                    () => null,
                    () => new ConstantSchedule(_random.Next(1, steps + 1)),
                    () => new CosineSchedule(_random.Next(steps + 1), One(0, 0.2)),
                    () => new StepSchedule(_random.Next(1, 3), 0.3, _random.Next(steps + 1)))(),
            },
            Training = new TrainingSection(_random.Next(1, 40), steps, One<double?>(null, null, 0.5, 0.99)),
            Privacy = new PrivacySection(
                One(0.1, 0.3, 1),
                One(0.1, 1, 3),
                One(0.1, 0.3, 1, 4),
                1e-5,
                10,
                One(ClippingMode.Flat, ClippingMode.Automatic)),
            Task = spec.Task! with
            {
                Reward = new RewardSection(
                    One(20, 200, 2000), One(1, 2.3, 3.5, 10), One(0, 0.5, 0.95, 1), spec.Task.Reward.References),
                Evaluation = spec.Task.Evaluation with { Fraction = _random.Next(16) },
                Aggregation = One<Func<AggregationRule>>(
                    () => new Mean(),
                    () => new BoundedMean(),
                    () => new Median(_random.Next(1, 8)),
                    () => new TrimmedMean(_random.Next(2), _random.Next(3, 6)))(),
            },
        };
    }

    private List<Layer> Layers(IReadOnlyList<int> input)
    {
        List<Layer> layers = [];
        int[] shape = [.. input];
        for (int count = _random.Next(6); count > 0; count--)
        {
            layers.Add(Layer(ref shape, 0));
        }

        if (shape.Length > 1)
        {
            layers.Add(One<Layer>(new Flatten(), new GlobalAvgPool2d(), new GlobalMaxPool2d()));
            shape = layers[^1] is Flatten ? [shape[0] * shape[1] * shape[2]] : [shape[0]];
        }

        if (shape[0] > 4 || shape[0] < 2 || One(true, false, true))
        {
            layers.Add(new Linear(shape[0], _random.Next(2, 5)));
        }

        return layers;
    }

    private Layer Layer(ref int[] shape, int depth) => _random.Next(7) switch
    {
        0 => One<Layer>(new Tanh(), new Sigmoid(), new Silu()),
        1 => new ReLU(),
        2 when shape.Length == 3 => OnImage(ref shape),
        3 when depth < 3 => Residual(shape, depth),
        4 => shape.Length == 1 && One(true, false)
            ? new LayerNorm(shape[0])
            : new GroupNorm(shape[0] % 2 == 0 ? One(1, 2) : One(1, shape[0]), shape[0]),
        _ => shape.Length == 1 ? Linear(ref shape) : OnImage(ref shape),
    };

    private Residual Residual(int[] shape, int depth)
    {
        List<Layer> inner = [];
        int[] now = shape;
        for (int count = _random.Next(1, 4); count > 0; count--)
        {
            int[] next = now;
            Layer layer = Layer(ref next, depth + 1);
            if (next.Length == now.Length)
            {
                inner.Add(layer);
                now = next;
            }
        }

        if (!now.SequenceEqual(shape) || inner.Count == 0)
        {
            inner = shape.Length == 1
                ? [new Linear(shape[0], shape[0])]
                : [new Conv2d(shape[0], shape[0], 3, 1, 1), new ReLU()];
        }

        return new Residual(inner);
    }

    private Linear Linear(ref int[] shape)
    {
        Linear layer = new(shape[0], _random.Next(2, 12));
        shape = [layer.Outputs];
        return layer;
    }

    private Layer OnImage(ref int[] shape)
    {
        int kernel = _random.Next(1, 4);
        int stride = _random.Next(1, 3);
        int padding = 0;
        Layer layer;
        int channels = shape[0];
        switch (_random.Next(6))
        {
            case 0:
                layer = new MaxPool2d(kernel, stride);
                break;
            case 1:
                layer = new AvgPool2d(kernel, stride);
                break;
            case 2:
                layer = new Flatten();
                shape = [shape[0] * shape[1] * shape[2]];
                return layer;
            default:
                padding = _random.Next(kernel);
                int groups = shape[0] % 2 == 0 ? One(1, 2) : 1;
                channels = groups * _random.Next(1, 6);
                layer = new Conv2d(shape[0], channels, kernel, stride, padding, groups);
                break;
        }

        shape =
        [
            channels,
            Math.Max(1, ((shape[1] + (2 * padding) - kernel) / stride) + 1),
            Math.Max(1, ((shape[2] + (2 * padding) - kernel) / stride) + 1),
        ];
        return layer;
    }

    private T One<T>(params ReadOnlySpan<T> some) => some[_random.Next(some.Length)];
}
