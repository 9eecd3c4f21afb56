using Research.Training;
using Research.Training.Layers;

namespace Research.Tests.Training;

/// <summary>
/// The same model by plain loops in double: the oracle of forward passes and, by central differences, of gradients.
/// </summary>
internal static class DoubleNetwork
{
    public static double Loss(ModelSpec spec, ReadOnlySpan<double> weights, double[] input, int label)
    {
        double[] scores = Scores(spec, weights, input);
        double max = scores.Max();
        return Math.Log(scores.Sum(s => Math.Exp(s - max))) + max - scores[label];
    }

    /// <summary>Gets the gradient by every <paramref name="every"/>th weight; the others are NaN.</summary>
    public static double[] Gradient(ModelSpec spec, double[] weights, double[] input, int label, int every = 1)
    {
        const double Step = 1e-5;
        double[] gradient = new double[weights.Length];
        Array.Fill(gradient, double.NaN);
        for (int i = 0; i < weights.Length; i += every)
        {
            double kept = weights[i];
            weights[i] = kept + Step;
            double up = Loss(spec, weights, input, label);
            weights[i] = kept - Step;
            double down = Loss(spec, weights, input, label);
            weights[i] = kept;
            gradient[i] = (up - down) / (2 * Step);
        }

        return gradient;
    }

    public static double[] Scores(ModelSpec spec, ReadOnlySpan<double> weights, double[] input)
    {
        IReadOnlyList<int> shape = spec.Model.Input;
        return Run(spec.Model.Layers, ref weights, ref shape, input);
    }

    private static double[] Run(
        IReadOnlyList<Layer> layers, ref ReadOnlySpan<double> weights, ref IReadOnlyList<int> shape, double[] x)
    {
        foreach (Layer layer in layers)
        {
            x = Run(layer, ref weights, ref shape, x);
        }

        return x;
    }

    private static double[] Run(
        Layer layer, ref ReadOnlySpan<double> weights, ref IReadOnlyList<int> shape, double[] x)
    {
        switch (layer)
        {
            case Linear linear:
                shape = [.. shape.SkipLast(1), linear.Outputs];
                return DoubleLayers.Linear(
                    linear.Inputs, linear.Outputs, Take(ref weights, (linear.Inputs + 1) * linear.Outputs), x);
            case Conv2d conv:
                int taps = conv.InputChannels / conv.Groups * conv.Kernel * conv.Kernel;
                (x, shape) = DoubleLayers.Convolution(
                    conv, Take(ref weights, conv.OutputChannels * (taps + 1)), x, shape);
                return x;
            case MaxPool2d pool:
                (x, shape) = DoubleLayers.Pool(x, shape, pool.Kernel, pool.Stride, window => window.Max());
                return x;
            case AvgPool2d pool:
                (x, shape) = DoubleLayers.Pool(x, shape, pool.Kernel, pool.Stride, window => window.Average());
                return x;
            case GlobalMaxPool2d:
                shape = [shape[0]];
                return [.. x.Chunk(x.Length / shape[0]).Select(plane => plane.Max())];
            case GlobalAvgPool2d:
                shape = [shape[0]];
                return [.. x.Chunk(x.Length / shape[0]).Select(plane => plane.Average())];
            case ReLU:
                return [.. x.Select(v => Math.Max(v, 0))];
            case Tanh:
                return [.. x.Select(Math.Tanh)];
            case Sigmoid:
                return [.. x.Select(v => 1 / (1 + Math.Exp(-v)))];
            case Silu:
                return [.. x.Select(v => v / (1 + Math.Exp(-v)))];
            case Gelu:
                return [.. x.Select(v => v * (1 + DoubleLayers.Erf(v / Math.Sqrt(2))) / 2)];
            case GroupNorm norm:
                return DoubleLayers.Normalise(
                    x, x.Length / norm.Groups, x.Length / norm.Channels, Take(ref weights, 2 * norm.Channels));
            case LayerNorm norm:
                return DoubleLayers.Normalise(x, norm.Size, 1, Take(ref weights, 2 * norm.Size));
            case Embedding embedding:
                shape = [shape[0], embedding.Size];
                double[] table = Take(ref weights, embedding.Tokens * embedding.Size);
                return [.. x.SelectMany(t => table.Skip((int)t * embedding.Size).Take(embedding.Size))];
            case SelfAttention attention:
                int size = attention.Size;
                double[] inner = DoubleLayers.Linear(size, 3 * size, Take(ref weights, 3 * size * (size + 1)), x);
                double[] seen = DoubleLayers.Attention(inner, size, attention.Heads, attention.Causal);
                return DoubleLayers.Linear(size, size, Take(ref weights, size * (size + 1)), seen);
            case Residual residual:
                double[] branch = Run(residual.Layers, ref weights, ref shape, x);
                return [.. x.Zip(branch, (first, second) => first + second)];
            case Flatten:
                shape = [x.Length];
                return x;
            case Dropout { Rate: 0 }:
                return x;
            default:
                throw new NotSupportedException(layer.Type);
        }
    }

    private static double[] Take(ref ReadOnlySpan<double> weights, int count)
    {
        double[] taken = weights[..count].ToArray();
        weights = weights[count..];
        return taken;
    }
}
