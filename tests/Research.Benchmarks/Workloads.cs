using Research.Tensors;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Benchmarks;

/// <summary>The workloads of shared/peers/torch_peer.py: same models, same data shapes.</summary>
internal static class Workloads
{
    private const int Classes = 10;
    private const int Pixels = 784;
    private const int Steps = 100_000_000; // More than any measurement takes: the clock stops the run.

    /// <summary>A square matrix product on one thread.</summary>
    public static Action Gemm(int size)
    {
        SeededGenerator generator = new(1);
        float[] a = new float[size * size];
        float[] b = new float[size * size];
        float[] c = new float[size * size];
        generator.FillUniform(a, 0.5f);
        generator.FillUniform(b, 0.5f);
        return () =>
        {
            Array.Clear(c);
            MatrixProduct.Add(a, Strides.RowMajor(size), b, Strides.RowMajor(size), c, size, size, size, size);
        };
    }

    /// <summary>A model of the peer file.</summary>
    /// <param name="model">mlp or cnn.</param>
    /// <param name="isPrivate">Whether by DP-SGD, at clip norm 1 and noise multiplier 1, with a quarter of the records
    /// in a batch.</param>
    /// <param name="batch">Examples of a batch; expected ones if private.</param>
    public static ModelSpec Spec(string model, bool isPrivate, int batch) => new()
    {
        Name = model,
        Model = model == "mlp"
            ? new ModelSection(
                [Pixels],
                1,
                [new Linear(Pixels, 256), new ReLU(), new Linear(256, 128), new ReLU(), new Linear(128, Classes)])
            : new ModelSection(
                [1, 28, 28],
                1,
                [
                    new Conv2d(1, 16, 8, 2, 3), new ReLU(), new MaxPool2d(2, 1),
                    new Conv2d(16, 32, 4, 2), new ReLU(), new MaxPool2d(2, 1), new Flatten(),
                    new Linear(512, 32), new ReLU(), new Linear(32, Classes),
                ]),
        Optimizer = new Sgd(0.05),
        Training = new TrainingSection(batch, Steps),
        Privacy = isPrivate ? new PrivacySection(0.25, 1, 1, 1e-5, 1000) : null,
    };

    /// <summary>Pixels uniform in [0, 1) and labels at random.</summary>
    /// <remarks>Filled in place: arrays grown by doubling would show in the peak memory.</remarks>
    public static Dataset RandomData(int examples, IReadOnlyList<int> shape)
    {
        SeededGenerator generator = new(2);
        float[] inputs = new float[examples * Pixels];
        generator.FillUniform(inputs, 0.5f);
        foreach (ref float input in inputs.AsSpan())
        {
            input += 0.5f;
        }

        int[] labels = new int[examples];
        foreach (ref int label in labels.AsSpan())
        {
            label = generator.NextBelow(Classes);
        }

        return new Dataset(inputs, labels, shape, Classes);
    }
}
