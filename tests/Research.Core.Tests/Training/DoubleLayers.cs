using Research.Training.Layers;

namespace Research.Tests.Training;

/// <summary>Layers by plain loops in double, from their formulas.</summary>
internal static class DoubleLayers
{
    /// <summary>x·Wᵀ + b for each row of x.</summary>
    public static double[] Linear(int inputs, int outputs, double[] weights, double[] x)
    {
        double[] y = new double[x.Length / inputs * outputs];
        for (int at = 0; at < y.Length; at++)
        {
            int o = at % outputs;
            y[at] = weights[(inputs * outputs) + o];
            for (int i = 0; i < inputs; i++)
            {
                y[at] += weights[(o * inputs) + i] * x[(at / outputs * inputs) + i];
            }
        }

        return y;
    }

    public static (double[] Y, int[] Shape) Convolution(
        Conv2d layer, double[] weights, double[] x, IReadOnlyList<int> shape)
    {
        int k = layer.Kernel;
        int height = ((shape[1] + (2 * layer.Padding) - k) / layer.Stride) + 1;
        int width = ((shape[2] + (2 * layer.Padding) - k) / layer.Stride) + 1;
        int channels = layer.InputChannels / layer.Groups;
        int outputs = layer.OutputChannels / layer.Groups;
        double[] y = new double[layer.OutputChannels * height * width];
        int biases = layer.OutputChannels * channels * k * k;
        for (int at = 0; at < y.Length; at++)
        {
            int output = at / (height * width);
            y[at] = weights[biases + output];
            for (int tap = 0; tap < channels * k * k; tap++)
            {
                int channel = (output / outputs * channels) + (tap / (k * k));
                int iy = (at / width % height * layer.Stride) - layer.Padding + (tap / k % k);
                int ix = (at % width * layer.Stride) - layer.Padding + (tap % k);
                if (iy >= 0 && ix >= 0 && iy < shape[1] && ix < shape[2])
                {
                    y[at] += weights[(output * channels * k * k) + tap] * x[(((channel * shape[1]) + iy) * shape[2]) + ix];
                }
            }
        }

        return (y, [layer.OutputChannels, height, width]);
    }

    public static (double[] Y, int[] Shape) Pool(
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

    /// <summary>Normalises each set of elements; each run of elements has its own weight and bias.</summary>
    public static double[] Normalise(double[] x, int set, int run, double[] weights)
    {
        int parameters = weights.Length / 2;
        double[] y = new double[x.Length];
        for (int at = 0; at < x.Length; at++)
        {
            IEnumerable<double> own = x.Skip(at / set * set).Take(set);
            double mean = own.Average();
            double variance = own.Average(v => (v - mean) * (v - mean));
            int parameter = at / run % parameters;
            y[at] = ((x[at] - mean) / Math.Sqrt(variance + 1e-5) * weights[parameter]) + weights[parameters + parameter];
        }

        return y;
    }

    /// <summary>softmax(q·kᵀ/√d)·v for each head, given [T, 3, size].</summary>
    public static double[] Attention(double[] x, int size, int heads, bool causal)
    {
        int positions = x.Length / (3 * size);
        int depth = size / heads;
        double[] y = new double[positions * size];
        for (int at = 0; at < positions * heads; at++)
        {
            int t = at / heads;
            int head = at % heads * depth;
            double[] weights = new double[causal ? t + 1 : positions];
            for (int s = 0; s < weights.Length; s++)
            {
                double dot = Enumerable.Range(head, depth).Sum(i => x[(t * 3 * size) + i] * x[(((s * 3) + 1) * size) + i]);
                weights[s] = Math.Exp(dot / Math.Sqrt(depth));
            }

            for (int i = head; i < head + depth; i++)
            {
                for (int s = 0; s < weights.Length; s++)
                {
                    y[(t * size) + i] += weights[s] / weights.Sum() * x[(((s * 3) + 2) * size) + i];
                }
            }
        }

        return y;
    }

    /// <summary>The error function by its Taylor series, for |x| up to 4.</summary>
    public static double Erf(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; n < 120; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return sum * 2 / Math.Sqrt(Math.PI);
    }
}
