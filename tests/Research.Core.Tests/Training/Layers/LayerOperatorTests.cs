using Research.Tensors;
using Research.Tests.Tensors;
using Research.Training;
using Research.Training.Layers;

namespace Research.Tests.Training.Layers;

/// <summary>Layers on copies of the same examples, as augmentation makes them: one gradient for all copies.</summary>
public sealed class LayerOperatorTests
{
    private const int Copies = 3;
    private const int Groups = 2;
    private const int Blocks = Copies * Groups;

    public static TheoryData<string, int[], Layer> Layers => new()
    {
        { "linear", [6], new Linear(6, 5) },
        { "linear, pairs", [2, 30], new Linear(30, 40) },
        { "linear, strips", [9, 6], new Linear(6, 13) },
        { "conv, kept", [2, 5, 5], new Conv2d(2, 4, 3, 2, 1, 2) },
        { "conv, deferred", [64, 3, 3], new Conv2d(64, 64, 3, 1, 1) },
        { "group norm", [4, 3, 3], new GroupNorm(2, 4) },
        { "layer norm", [5, 4], new LayerNorm(4) },
        { "embedding", [7], new Embedding(4, 5) },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public unsafe void AddSquaredNorms_Copies_IsTheSquaredNormOfTheirSum(string name, int[] input, Layer layer)
    {
        LayerOperator made = layer.Bind(input, name);
        using PinnedBuffer<float> weights = Filled(made.ParameterCount, 3);
        using PinnedBuffer<float> prepared = new(made.PreparedLength);
        made.Prepare(weights.Pointer, prepared.Pointer, training: true, part: 0, parts: 1);
        using PinnedBuffer<float> x = Filled((long)Blocks * made.InputSize * Lanes.Count, 4);
        if (layer is Embedding embedding)
        {
            for (int i = 0; i < x.Length; i++)
            {
                x.Pointer[i] = MathF.Floor((x.Pointer[i] + 1) / 2 * embedding.Tokens);
            }
        }

        using PinnedBuffer<float> dy = Filled((long)Blocks * made.OutputSize * Lanes.Count, 5);
        using PinnedBuffer<float> y = new((long)Blocks * made.OutputSize * Lanes.Count);
        using PinnedBuffer<float> saved = new((long)Blocks * made.SavedLength * Lanes.Count);
        using PinnedBuffer<float> scratch = new(made.ScratchLength(Copies));
        using PinnedBuffer<float> kept = new((long)Groups * made.KeptLength * Lanes.Count);
        LayerPass pass = new()
        {
            Blocks = Blocks,
            Copies = Copies,
            Weights = weights.Pointer,
            Prepared = prepared.Pointer,
            X = x.Pointer,
            Y = y.Pointer,
            Dy = dy.Pointer,
            Saved = saved.Pointer,
            Kept = kept.Pointer,
            Scratch = scratch.Pointer,
        };
        double[] actual = new double[Groups * Lanes.Count];

        made.Forward(in pass);
        made.Differentiate(in pass);
        fixed (double* sums = actual)
        {
            made.AddSquaredNorms(in pass, sums);
        }

        for (int example = 0; example < actual.Length; example++)
        {
            float[] gradient = made.IsDeferred
                ? Deferred(made, x.Pointer, dy.Pointer, example, scratch.Pointer)
                : Kept(made, pass, example);
            double expected = gradient.Sum(g => (double)g * g);
            Assert.Equal(expected, actual[example], 1e-5 * expected);
        }
    }

    [Fact]
    public unsafe void Forward_DropoutOfEqualCopies_GivesEachItsOwnMask()
    {
        LayerOperator dropout = new Dropout(0.5).Bind([100], "dropout");
        dropout.Initialise(new SeededGenerator(1), []);
        using PinnedBuffer<float> x = new(2 * 100 * Lanes.Count);
        x.Span.Fill(1);
        using PinnedBuffer<float> y = new(x.Length);
        using PinnedBuffer<float> saved = new(2 * Lanes.Count);
        LayerPass pass = new()
        {
            Blocks = 2,
            Copies = 2,
            X = x.Pointer,
            Y = y.Pointer,
            Saved = saved.Pointer,
            Training = true,
            Step = 1,
        };

        dropout.Forward(in pass);
        float[] first = y.Span[..(100 * Lanes.Count)].ToArray();
        float[] second = y.Span[(100 * Lanes.Count)..].ToArray();
        pass.Dy = x.Pointer;
        pass.Dx = y.Pointer;
        dropout.Backward(in pass);

        // Equal examples share a mask: 100 independent draws, not 1600.
        Assert.InRange(first.Zip(second).Count(pair => pair.First == pair.Second) / 1600.0, 0.25, 0.75);
        Assert.Equal([.. first, .. second], y.Span.ToArray());
    }

    // One example's copies, as the rows of a sum.
    private static unsafe float[] Deferred(LayerOperator made, float* x, float* dy, int example, float* scratch)
    {
        float[] rowsX = Rows(x, made.InputSize, example);
        float[] rowsDy = Rows(dy, made.OutputSize, example);
        float[] gradient = new float[made.ParameterCount];
        fixed (float* left = rowsX, right = rowsDy)
        {
            made.AddGradient(left, right, Copies, gradient, scratch, part: 0, parts: 1);
        }

        return gradient;
    }

    // The gradients that are kept when each copy is an example of its own.
    private static unsafe float[] Kept(LayerOperator made, LayerPass pass, int example)
    {
        using PinnedBuffer<float> kept = new((long)Blocks * made.KeptLength * Lanes.Count);
        LayerPass apart = pass;
        apart.Copies = 1;
        apart.Kept = kept.Pointer;
        made.Differentiate(in apart);
        float[] rows = Rows(kept.Pointer, made.KeptLength, example);
        return [.. Enumerable.Range(0, made.KeptLength).Select(i =>
            Enumerable.Range(0, Copies).Sum(copy => rows[(copy * made.KeptLength) + i]))];
    }

    private static unsafe float[] Rows(float* blocks, int size, int example)
    {
        float[] rows = new float[Copies * size];
        for (int i = 0; i < rows.Length; i++)
        {
            int block = (example / Lanes.Count * Copies) + (i / size);
            rows[i] = blocks[((((long)block * size) + (i % size)) * Lanes.Count) + (example % Lanes.Count)];
        }

        return rows;
    }

    private static PinnedBuffer<float> Filled(long length, int seed)
    {
        PinnedBuffer<float> buffer = new(length);
        Numbers.Uniform((int)length, seed).CopyTo(buffer.Span);
        return buffer;
    }
}
