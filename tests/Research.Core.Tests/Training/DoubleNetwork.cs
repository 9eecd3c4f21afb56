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

    public static double[] Gradient(ModelSpec spec, double[] weights, double[] input, int label)
    {
        const double Step = 1e-5;
        double[] gradient = new double[weights.Length];
        for (int i = 0; i < weights.Length; i++)
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
        double[] x = input;
        foreach (Layer layer in spec.Model.Layers)
        {
            switch (layer)
            {
                case Linear linear:
                    x = Linear(linear, weights, x);
                    weights = weights[((linear.Inputs + 1) * linear.Outputs)..];
                    shape = [linear.Outputs];
                    break;
                case Conv2d conv:
                    (x, shape) = Convolution(conv, weights, x, shape);
                    weights = weights[(conv.OutputChannels * ((conv.InputChannels * conv.Kernel * conv.Kernel) + 1))..];
                    break;
                case MaxPool2d pool:
                    (x, shape) = Pool(x, shape, pool.Kernel, pool.Stride, window => window.Max());
                    break;
                case AvgPool2d pool:
                    (x, shape) = Pool(x, shape, pool.Kernel, pool.Stride, window => window.Average());
                    break;
                case ReLU:
                    x = [.. x.Select(v => Math.Max(v, 0))];
                    break;
                case Tanh:
                    x = [.. x.Select(Math.Tanh)];
                    break;
                default:
                    shape = [x.Length];
                    break;
            }
        }

        return x;
    }

    private static double[] Linear(Linear layer, ReadOnlySpan<double> weights, double[] x)
    {
        double[] y = new double[layer.Outputs];
        for (int o = 0; o < layer.Outputs; o++)
        {
            y[o] = weights[(layer.Inputs * layer.Outputs) + o];
            for (int i = 0; i < layer.Inputs; i++)
            {
                y[o] += weights[(o * layer.Inputs) + i] * x[i];
            }
        }

        return y;
    }

    private static (double[] Y, int[] Shape) Convolution(
        Conv2d layer, ReadOnlySpan<double> weights, double[] x, IReadOnlyList<int> shape)
    {
        int k = layer.Kernel;
        int height = ((shape[1] + (2 * layer.Padding) - k) / layer.Stride) + 1;
        int width = ((shape[2] + (2 * layer.Padding) - k) / layer.Stride) + 1;
        double[] y = new double[layer.OutputChannels * height * width];
        int biases = layer.OutputChannels * layer.InputChannels * k * k;
        for (int at = 0; at < y.Length; at++)
        {
            int channel = at / (height * width);
            y[at] = weights[biases + channel];
            for (int tap = 0; tap < layer.InputChannels * k * k; tap++)
            {
                int iy = (at / width % height * layer.Stride) - layer.Padding + (tap / k % k);
                int ix = (at % width * layer.Stride) - layer.Padding + (tap % k);
                if (iy >= 0 && ix >= 0 && iy < shape[1] && ix < shape[2])
                {
                    y[at] += weights[(channel * layer.InputChannels * k * k) + tap]
                        * x[(((tap / (k * k) * shape[1]) + iy) * shape[2]) + ix];
                }
            }
        }

        return (y, [layer.OutputChannels, height, width]);
    }

    private static (double[] Y, int[] Shape) Pool(
        double[] x, IReadOnlyList<int> shape, int kernel, int stride, Func<double[], double> reduce)
    {
        int height = ((shape[1] - kernel) / stride) + 1;
        int width = ((shape[2] - kernel) / stride) + 1;
        double[] y = new double[shape[0] * height * width];
        for (int at = 0; at < y.Length; at++)
        {
            double[] window = new double[kernel * kernel];
            for (int tap = 0; tap < window.Length; tap++)
            {
                int iy = (at / width % height * stride) + (tap / kernel);
                int ix = (at % width * stride) + (tap % kernel);
                window[tap] = x[(((at / (height * width) * shape[1]) + iy) * shape[2]) + ix];
            }

            y[at] = reduce(window);
        }

        return (y, [shape[0], height, width]);
    }
}
