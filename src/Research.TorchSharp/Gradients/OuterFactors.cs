using Research.Tensors;
using Research.Training.Layers;

namespace Research.TorchSharp.Gradients;

/// <summary>One linear layer's gradients on their way into the sum, as whole-number factors.</summary>
/// <remarks>
/// What the engine does for its own linear layers, with the same operator: x becomes whole numbers X of a unit of the
/// example's own, dy times the clipping factor whole numbers D, and what is added is D·Xᵀ, of norm ‖D‖·‖X‖ exactly
/// (Privacy/PROOFS.md, "Sums of integers", 3). Here rows are turned into its blocks of 16 examples first.
/// </remarks>
internal sealed unsafe class OuterFactors : IDisposable
{
    private readonly LinearOperator _operator;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _pairs;
    private readonly PinnedBuffer<float> _x;     // [groups, I, 16]
    private readonly PinnedBuffer<float> _dy;    // [groups, O, 16]
    private readonly PinnedBuffer<int> _left;
    private readonly PinnedBuffer<int> _right;
    private readonly PinnedBuffer<int> _ones;    // [pairs]
    private readonly PinnedBuffer<double> _units; // [2, lanes]: units and norms

    /// <summary>Makes room.</summary>
    /// <param name="inputs">I.</param>
    /// <param name="outputs">O.</param>
    /// <param name="hasBias">Whether a bias learns too.</param>
    /// <param name="capacity">Most examples, a multiple of 16.</param>
    public OuterFactors(int inputs, int outputs, bool hasBias, int capacity)
    {
        _operator = new LinearOperator(1, inputs, outputs, isFlat: true, hasBias);
        _inputs = inputs;
        _outputs = outputs;
        _pairs = capacity / 2;
        _x = new PinnedBuffer<float>((long)capacity * inputs);
        _dy = new PinnedBuffer<float>((long)capacity * outputs);
        _left = new PinnedBuffer<int>(IntegerProduct.Length(IntegerProduct.Left, outputs, capacity));
        _right = new PinnedBuffer<int>(IntegerProduct.Length(IntegerProduct.Right, inputs, capacity));
        _ones = new PinnedBuffer<int>(_pairs);
        _units = new PinnedBuffer<double>(2L * capacity);
    }

    /// <summary>Rounds the inputs, and adds the squared norms of what the gradients are with them.</summary>
    /// <param name="x">[B, I].</param>
    /// <param name="dy">[B, O].</param>
    /// <param name="batch">B.</param>
    /// <param name="clipping">How gradients are bounded.</param>
    /// <param name="squaredNorms">Room for B rounded up to 16, added to.</param>
    public void AddSquaredNorms(
        float* x, float* dy, int batch, in Training.Clipping clipping, Span<double> squaredNorms)
    {
        Turn(x, _inputs, batch, _x.Pointer);
        Turn(dy, _outputs, batch, _dy.Pointer);
        LayerPass pass = Pass(batch);
        pass.Factors.Bound = clipping.Grid.Bound;
        pass.Factors.MostStepsPerUnit = clipping.MostStepsPerUnit;
        fixed (double* norms = squaredNorms)
        {
            _operator.AddSquaredNorms(pass, norms);
        }
    }

    /// <summary>Adds the clipped products.</summary>
    /// <param name="batch">B.</param>
    /// <param name="factors">[B rounded up to 16] grid steps to a unit; 0 where there is no example.</param>
    /// <param name="weights">The weight's sums, [O, I].</param>
    /// <param name="biases">The bias's sums, [O]; empty where there is none.</param>
    public void Add(int batch, ReadOnlySpan<float> factors, Span<long> weights, Span<long> biases)
    {
        LayerPass pass = Pass(batch);
        fixed (float* steps = factors)
        {
            _operator.WriteFactors(pass, steps);
        }

        int pairs = pass.Blocks * FactorRows.BlockPairs;
        IntegerProduct.Add(
            _left.Pointer, _outputs, _right.Pointer, _inputs, pairs, _pairs, weights, part: 0, parts: 1);
        if (!biases.IsEmpty)
        {
            IntegerProduct.AddWeighed(_left.Pointer, _ones.Pointer, pairs, _pairs, biases);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IDisposable[] buffers = [_x, _dy, _left, _right, _ones, _units];
        Array.ForEach(buffers, buffer => buffer.Dispose());
    }

    private static void Turn(float* rows, int size, int batch, float* blocks)
    {
        float** some = stackalloc float*[Lanes.Count];
        for (int start = 0; start < batch; start += Lanes.Count)
        {
            int present = Math.Min(Lanes.Count, batch - start);
            for (int lane = 0; lane < present; lane++)
            {
                some[lane] = rows + ((long)(start + lane) * size);
            }

            Lanes.Gather(some, present, size, blocks + ((long)start * size));
        }
    }

    private LayerPass Pass(int batch) => new()
    {
        Blocks = (batch + Lanes.Count - 1) / Lanes.Count,
        Copies = 1,
        X = _x.Pointer,
        Dy = _dy.Pointer,
        Factors = new FactorBuffers
        {
            Capacity = _pairs,
            Left = _left.Pointer,
            Right = _right.Pointer,
            Ones = _ones.Pointer,
            Units = _units.Pointer,
            Norms = _units.Pointer + (2 * _pairs),
        },
    };
}
