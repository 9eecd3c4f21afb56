using Research.Privacy.Clipping;
using Research.Tensors;
using Research.Training.Data;
using Research.Training.Layers;

namespace Research.Training;

/// <summary>
/// Runs a network forward and backward over physical chunks of a batch; its buffers are planned once.
/// </summary>
/// <remarks>
/// Rows are split over threads; sums over examples run in the batch's order inside one parameter. So neither the chunk
/// size nor the number of
/// threads changes a bit, and a Poisson batch of any size, none included, is the sum it should be.
/// </remarks>
internal sealed class BatchPass
{
    private const int MostRows = 256;
    private const long BytesForRows = 48L << 20;

    private readonly Network _network;
    private readonly IReadOnlyList<LayerOperator> _operators;
    private readonly int _threads;
    private readonly int _firstTrained;
    private readonly AlignedBuffer[] _values;    // [L + 1]: the input and each layer's output, [rows, size]
    private readonly AlignedBuffer[] _gradients; // [L + 1]: the loss's gradient by each of those
    private readonly AlignedBuffer[] _kept;      // [L]: what a layer keeps of each example's gradient
    private readonly AlignedBuffer[] _scratch;   // [threads]
    private readonly int[] _labels;
    private readonly float[] _losses;
    private readonly double[] _squaredNorms;
    private readonly int[] _broken; // [threads]: examples whose gradient was not finite
    private readonly Action<int> _forwardPart;
    private readonly Action<int> _differentiatePart;
    private readonly Action<int> _sumPart;

    private int _rows;
    private double? _clipNorm;
    private float[] _sum = [];

    public BatchPass(Network network, int threads, bool training)
    {
        _network = network;
        _operators = network.Operators;
        _threads = threads;
        _firstTrained = FirstTrained(_operators);
        Capacity = (int)Math.Clamp(BytesForRows / BytesPerRow(training), 1, MostRows);

        _values =
        [
            new AlignedBuffer((long)Capacity * network.InputSize),
            .. _operators.Select(o => new AlignedBuffer((long)Capacity * o.OutputSize)),
        ];
        _gradients = training ? [new AlignedBuffer(), .. _operators.Select(GradientBuffer)] : [];
        _kept = training ? [.. _operators.Select(o => new AlignedBuffer((long)Capacity * o.KeptLength))] : [];
        int scratch = _operators.Max(o => o.ScratchLength);
        _scratch = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer(scratch))];
        _labels = new int[Capacity];
        _losses = new float[Capacity];
        _squaredNorms = new double[Capacity];
        _broken = new int[threads];
        _forwardPart = ForwardPart;
        _differentiatePart = DifferentiatePart;
        _sumPart = SumPart;
    }

    /// <summary>Gets how many examples are in memory at a time.</summary>
    public int Capacity { get; }

    /// <summary>Gets how many examples so far had a gradient with NaN or infinity, and counted as zero.</summary>
    public long NonFiniteGradients { get; private set; }

    /// <summary>
    /// Computes the scores of at most <see cref="Capacity"/> examples; the span is valid until the next call.
    /// </summary>
    public ReadOnlySpan<float> Forward(ReadOnlySpan<float> inputs)
    {
        _rows = inputs.Length / _network.InputSize;
        inputs.CopyTo(_values[0].Span);
        Workers.Run(_threads, _forwardPart);
        return _values[^1].Span[..(_rows * _network.Classes)];
    }

    /// <summary>Adds the gradients of the examples named to <paramref name="sum"/>.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="chosen">Which of them, in the order of the sum.</param>
    /// <param name="clipNorm">The norm to which each example's gradient is clipped; null leaves gradients
    /// alone.</param>
    /// <param name="sum">Receives the sum; as long as the weights.</param>
    /// <returns>The sum of the losses.</returns>
    public double AddGradients(Dataset data, ReadOnlySpan<int> chosen, double? clipNorm, float[] sum)
    {
        _clipNorm = clipNorm;
        _sum = sum;
        double loss = 0;
        for (int start = 0; start < chosen.Length; start += Capacity)
        {
            Gather(data, chosen.Slice(start, Math.Min(Capacity, chosen.Length - start)));
            Workers.Run(_threads, _differentiatePart);
            Workers.Run(_threads, _sumPart);
            for (int row = 0; row < _rows; row++)
            {
                loss += _losses[row];
            }
        }

        for (int thread = 0; thread < _threads; thread++)
        {
            NonFiniteGradients += _broken[thread];
            _broken[thread] = 0;
        }

        return loss;
    }

    private static int FirstTrained(IReadOnlyList<LayerOperator> operators)
    {
        int layer = 0;
        while (layer < operators.Count - 1 && operators[layer].ParameterCount == 0)
        {
            layer++;
        }

        return layer;
    }

    private AlignedBuffer GradientBuffer(LayerOperator layer, int index) =>
        new(index >= _firstTrained ? (long)Capacity * layer.OutputSize : 0);

    private long BytesPerRow(bool training)
    {
        long floats = _network.InputSize;
        foreach (LayerOperator layer in _operators)
        {
            floats += training ? (2L * layer.OutputSize) + layer.KeptLength : layer.OutputSize;
        }

        return floats * sizeof(float);
    }

    private void Gather(Dataset data, ReadOnlySpan<int> chosen)
    {
        int size = _network.InputSize;
        ReadOnlySpan<float> inputs = data.Inputs.Span;
        ReadOnlySpan<int> labels = data.Labels.Span;
        for (int row = 0; row < chosen.Length; row++)
        {
            inputs.Slice(chosen[row] * size, size).CopyTo(_values[0].Span.Slice(row * size, size));
            _labels[row] = labels[chosen[row]];
        }

        _rows = chosen.Length;
    }

    private void ForwardPart(int part)
    {
        (int start, int end) = Workers.Slice(_rows, part, _threads);
        if (start < end)
        {
            ForwardRows(start, end, part);
        }
    }

    private void DifferentiatePart(int part)
    {
        (int start, int end) = Workers.Slice(_rows, part, _threads);
        if (start == end)
        {
            return;
        }

        int rows = end - start;
        int classes = _network.Classes;
        ForwardRows(start, end, part);
        SoftmaxCrossEntropy.ForwardBackward(
            Rows(_values[^1], classes, start, rows),
            classes,
            _labels.AsSpan(start, rows),
            _losses.AsSpan(start, rows),
            Rows(_gradients[^1], classes, start, rows));
        BackwardRows(start, end, part);
        if (_clipNorm is { } clipNorm)
        {
            ClipRows(start, end, clipNorm, part);
        }
    }

    private void SumPart(int part)
    {
        for (int layer = _firstTrained; layer < _operators.Count; layer++)
        {
            _operators[layer].AddGradient(
                Pass(layer, 0, _rows), _rows, _sum.AsSpan(_network.LayerRange(layer)), part, _threads);
        }
    }

    private void ForwardRows(int start, int end, int part)
    {
        int rows = end - start;
        for (int layer = 0; layer < _operators.Count; layer++)
        {
            LayerOperator work = _operators[layer];
            work.Forward(
                _network.LayerWeights(layer),
                Rows(_values[layer], work.InputSize, start, rows),
                Rows(_values[layer + 1], work.OutputSize, start, rows),
                rows,
                _scratch[part].Span);
        }
    }

    private void BackwardRows(int start, int end, int part)
    {
        int rows = end - start;
        for (int layer = _operators.Count - 1; layer >= _firstTrained; layer--)
        {
            LayerOperator work = _operators[layer];
            LayerPass pass = Pass(layer, start, rows);
            work.Differentiate(pass, rows, _scratch[part].Span);
            if (layer > _firstTrained)
            {
                Span<float> dx = Rows(_gradients[layer], work.InputSize, start, rows);
                work.Backward(_network.LayerWeights(layer), pass, dx, rows, _scratch[part].Span);
            }
        }
    }

    private void ClipRows(int start, int end, double clipNorm, int part)
    {
        Span<double> squaredNorms = _squaredNorms.AsSpan(start, end - start);
        squaredNorms.Clear();
        for (int layer = _firstTrained; layer < _operators.Count; layer++)
        {
            _operators[layer].AddSquaredNorms(Pass(layer, start, end - start), squaredNorms);
        }

        for (int row = 0; row < squaredNorms.Length; row++)
        {
            float factor = L2Clipping.Factor(squaredNorms[row], clipNorm);
            _broken[part] += double.IsFinite(squaredNorms[row]) ? 0 : 1;
            for (int layer = _firstTrained; factor != 1 && layer < _operators.Count; layer++)
            {
                _operators[layer].Weigh(Pass(layer, start, end - start), row, factor);
            }
        }
    }

    private LayerPass Pass(int layer, int start, int rows)
    {
        LayerOperator work = _operators[layer];
        return new LayerPass(
            Rows(_values[layer], work.InputSize, start, rows),
            Rows(_values[layer + 1], work.OutputSize, start, rows),
            Rows(_gradients[layer + 1], work.OutputSize, start, rows),
            Rows(_kept[layer], work.KeptLength, start, rows));
    }

    private static Span<float> Rows(AlignedBuffer buffer, int size, int start, int rows) =>
        buffer.Span.Slice(start * size, rows * size);
}
