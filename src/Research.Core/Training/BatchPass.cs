using Research.Tensors;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Losses;

namespace Research.Training;

/// <summary>Runs a network forward and backward over batches of any size; its buffers are planned once.</summary>
/// <remarks>
/// A batch is cut into segments of 128 examples and these into runs of blocks of 16, which pass through the whole
/// network while they are in the cache. Segments go to threads; their sums are added in the batch's order. So neither
/// the number of threads nor the size of a chunk in memory changes a bit, and a Poisson batch of any size, none
/// included, is the sum it should be.
/// </remarks>
internal sealed unsafe class BatchPass : IDisposable
{
    private const int SegmentGroups = 8;
    private const int Segment = SegmentGroups * Lanes.Count;
    private const int MostExamples = 4 * Segment; // At most SumGrid.MostTerms.
    private const long ChunkBytes = 16 << 20;

    private readonly Network _network;
    private readonly PassPlan _plan;
    private readonly Loss _loss;
    private readonly WorkerTeam _team;
    private readonly PassWorker[] _workers;
    private readonly PinnedBuffer<float> _weights;
    private readonly PinnedBuffer<float> _prepared;
    private readonly long[] _preparedAt;
    private readonly PinnedBuffer<float>[] _rowsX;  // [N]: inputs of deferred layers, [capacity, in]
    private readonly PinnedBuffer<float>[] _rowsDy; // [N]: weighed output gradients of deferred layers, [capacity, out]
    private readonly PinnedBuffer<float> _segmentSums; // [segments, kept parameters]
    private readonly int[] _keptAt;
    private readonly int _keptLength;
    private readonly int[] _chosen;
    private readonly float[] _losses;
    private readonly int[] _predicted;
    private readonly Action<int> _preparePart;
    private readonly Action<int> _forwardPart;
    private readonly Action<int> _differentiatePart;
    private readonly Action<int> _sumPart;
    private readonly Action<int> _clipPart;
    private readonly Action<int> _multiplyPart;
    private readonly Action<int> _collectPart;

    private ClippedSums? _clipped; // made when first used
    private Dataset _data = null!;
    private int _rows;
    private Clipping _clipping;
    private float[] _sum = [];
    private long[] _wholeSums = [];
    private long _step;

    public BatchPass(Network network, int threads, bool training)
    {
        _network = network;
        _loss = network.Spec.Loss;
        Augmentation? augmentation = training ? network.Spec.Training.Augmentation : null;
        _plan = new PassPlan(network.Nodes, network.LayerInputSize, augmentation?.Copies ?? 1, training);
        IsTraining = training;

        IReadOnlyList<Node> nodes = network.Nodes;
        long rowFloats = 0;
        long prepared = 0;
        _preparedAt = new long[nodes.Count];
        _keptAt = new int[nodes.Count];
        for (int i = 0; i < nodes.Count; i++)
        {
            LayerOperator layer = nodes[i].Operator;
            _preparedAt[i] = prepared;
            prepared += (layer.PreparedLength + Lanes.Count - 1) / Lanes.Count * Lanes.Count;
            _keptAt[i] = _keptLength;
            _keptLength += layer.KeptLength;
            rowFloats += layer.IsDeferred ? (long)(layer.InputSize + layer.OutputSize) * _plan.Copies : 0;
        }

        long affordable = rowFloats == 0 || !training ? MostExamples : ChunkBytes / (rowFloats * sizeof(float));
        Capacity = (int)Math.Clamp(affordable / Segment * Segment, Segment, MostExamples);
        _weights = network.PinWeights();
        _prepared = new PinnedBuffer<float>(prepared);
        _rowsX = [.. nodes.Select(n => RowBuffer(n.Operator, n.Operator.InputSize))];
        _rowsDy = [.. nodes.Select(n => RowBuffer(n.Operator, n.Operator.OutputSize))];
        _segmentSums = new PinnedBuffer<float>(training ? (long)_keptLength * (Capacity / Segment) : 0);
        _chosen = new int[Capacity];
        _losses = new float[Capacity];
        _predicted = new int[Capacity];
        ImageAugmenter? augmenter = augmentation is null
            ? null
            : new ImageAugmenter(augmentation, network.Spec.Model.Input, network.Spec.Model.Seed);
        _workers = [.. Enumerable.Range(0, threads).Select(_ => new PassWorker(network, _plan, augmenter))];
        _preparePart = PreparePart;
        _forwardPart = ForwardPart;
        _differentiatePart = DifferentiatePart;
        _sumPart = SumPart;
        _clipPart = ClipPart;
        _multiplyPart = MultiplyPart;
        _collectPart = CollectPart;
        _team = new WorkerTeam(threads);
    }

    /// <summary>Gets whether gradients can be computed.</summary>
    public bool IsTraining { get; }

    /// <summary>Gets how many examples are in memory at a time.</summary>
    public int Capacity { get; }

    /// <summary>Gets the threads.</summary>
    public WorkerTeam Team => _team;

    /// <summary>Gets how many examples so far had a gradient with NaN or infinity, and counted as zero.</summary>
    public long NonFiniteGradients { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _team.Dispose(); // first: its threads use the buffers
        PinnedBuffer<float>[] buffers = [_weights, _prepared, .. _rowsX, .. _rowsDy, _segmentSums];
        Array.ForEach(buffers, buffer => buffer.Dispose());
        Array.ForEach(_workers, worker => worker.Dispose());
        _clipped?.Dispose();
    }

    /// <summary>Computes the loss of each example and the class that its scores choose.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="losses">Receives a loss for each.</param>
    /// <param name="predicted">Receives a class for each; empty if nobody asks.</param>
    public void Evaluate(Dataset data, Span<float> losses, Span<int> predicted)
    {
        _data = data;
        _team.Run(_preparePart);
        for (int start = 0; start < data.Count; start += Capacity)
        {
            _rows = Math.Min(Capacity, data.Count - start);
            for (int row = 0; row < _rows; row++)
            {
                _chosen[row] = start + row;
            }

            _team.Run(_forwardPart);
            _losses.AsSpan(0, _rows).CopyTo(losses[start..]);
            if (!predicted.IsEmpty)
            {
                _predicted.AsSpan(0, _rows).CopyTo(predicted[start..]);
            }
        }
    }

    /// <summary>Computes the last layer's outputs.</summary>
    /// <param name="inputs">[N, D] row-major.</param>
    /// <param name="scores">Receives [N, outputs] row-major.</param>
    public void Forward(ReadOnlySpan<float> inputs, Span<float> scores)
    {
        _team.Run(_preparePart);
        int count = inputs.Length / _network.LayerInputSize;
        fixed (float* input = inputs, score = scores)
        {
            int run = _plan.Groups * Lanes.Count;
            for (int start = 0; start < count; start += run)
            {
                int rows = Math.Min(run, count - start);
                _workers[0].Gather(input + ((long)start * _network.LayerInputSize), rows);
                Forward(_workers[0], rows);
                _workers[0].ScatterScores(rows, score + ((long)start * _network.Outputs));
            }
        }
    }

    /// <summary>Adds the gradients of the examples named to <paramref name="sum"/>, in floats and unbounded.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="chosen">Which of them, in the order of the sum.</param>
    /// <param name="sum">Receives the sum; as long as the weights.</param>
    /// <param name="step">The step, from 1: the counter of seeded layers.</param>
    /// <returns>The sum of the losses.</returns>
    public double AddGradients(Dataset data, ReadOnlySpan<int> chosen, float[] sum, long step = 1)
    {
        _sum = sum;
        return Add(data, chosen, step, _differentiatePart, _sumPart);
    }

    /// <summary>Adds the clipped gradients of the examples named, as whole numbers of grid steps.</summary>
    /// <remarks>
    /// What an example adds depends on the weights, the step and that example alone, and its exact L2 norm is at most
    /// the grid's bound. The sum is exact.
    /// </remarks>
    /// <param name="data">The examples.</param>
    /// <param name="chosen">Which of them.</param>
    /// <param name="clipping">How each example's gradient is bounded.</param>
    /// <param name="sums">Receives the sums; as long as the weights.</param>
    /// <param name="step">The step, from 1: the counter of seeded layers.</param>
    /// <returns>The sum of the losses.</returns>
    public double AddClipped(
        Dataset data, ReadOnlySpan<int> chosen, Clipping clipping, long[] sums, long step = 1)
    {
        _clipped ??= new ClippedSums(_network, _plan, Capacity, _team.Count);
        _clipping = clipping;
        _wholeSums = sums;
        double loss = Add(data, chosen, step, _clipPart, _multiplyPart);
        if (!chosen.IsEmpty)
        {
            _team.Run(_collectPart);
        }

        foreach (PassWorker worker in _workers)
        {
            NonFiniteGradients += worker.TakeNonFinite();
        }

        return loss;
    }

    private double Add(
        Dataset data, ReadOnlySpan<int> chosen, long step, Action<int> differentiate, Action<int> multiply)
    {
        _data = data;
        _step = step;
        double loss = 0;
        if (!chosen.IsEmpty)
        {
            _team.Run(_preparePart);
        }

        for (int start = 0; start < chosen.Length; start += Capacity)
        {
            _rows = Math.Min(Capacity, chosen.Length - start);
            chosen.Slice(start, _rows).CopyTo(_chosen);
            _team.Run(differentiate);
            _team.Run(multiply);
            for (int row = 0; row < _rows; row++)
            {
                loss += _losses[row];
            }
        }

        return loss;
    }

    private PinnedBuffer<float> RowBuffer(LayerOperator layer, int size) =>
        new(IsTraining && layer.IsDeferred ? (long)Capacity * _plan.Copies * size : 0);

    private void PreparePart(int part)
    {
        for (int i = 0; i < _plan.Nodes.Count; i++)
        {
            _plan.Nodes[i].Operator.Prepare(
                _weights.Pointer + _network.OffsetOf(i),
                _prepared.Pointer + _preparedAt[i],
                IsTraining && i > _plan.FirstTrained,
                part,
                _team.Count);
        }
    }

    private void ForwardPart(int part)
    {
        int run = _plan.Groups * Lanes.Count;
        (int first, int end) = Workers.Slice(_rows, part, _team.Count, run);
        PassWorker worker = _workers[part];
        for (int start = first; start < end; start += run)
        {
            int rows = Math.Min(run, end - start);
            worker.Gather(_data, _chosen.AsSpan(start, rows), _step);
            Forward(worker, rows);
            worker.Score(_loss, rows, _losses.AsSpan(start, rows), _predicted.AsSpan(start, rows));
        }
    }

    private void DifferentiatePart(int part)
    {
        int run = _plan.Groups * Lanes.Count;
        int segments = (_rows + Segment - 1) / Segment;
        (int first, int end) = Workers.Slice(segments, part, _team.Count);
        PassWorker worker = _workers[part];
        for (int segment = first; segment < end; segment++)
        {
            worker.ClearLaneSums();
            int last = Math.Min(_rows, (segment + 1) * Segment);
            for (int start = segment * Segment; start < last; start += run)
            {
                Differentiate(worker, start, Math.Min(run, last - start));
            }

            worker.ReduceLaneSums(_segmentSums.Pointer + ((long)segment * _keptLength), _keptAt);
        }
    }

    private void Differentiate(PassWorker worker, int start, int rows)
    {
        ForwardAndScore(worker, start, rows);
        for (int i = _plan.Nodes.Count - 1; i >= _plan.FirstTrained; i--)
        {
            worker.Backward(Pass(worker, i, rows), i, norms: false);
        }

        worker.Take(rows);
        for (int i = _plan.FirstTrained; i < _plan.Nodes.Count; i++)
        {
            LayerOperator layer = _plan.Nodes[i].Operator;
            if (layer.IsDeferred)
            {
                long at = (long)start * _plan.Copies;
                worker.Defer(
                    i, rows, _rowsX[i].Pointer + (at * layer.InputSize), _rowsDy[i].Pointer + (at * layer.OutputSize));
            }
            else if (layer.KeptLength > 0)
            {
                worker.AddKept(i, rows);
            }
        }
    }

    private void ClipPart(int part)
    {
        int run = _plan.Groups * Lanes.Count;
        int segments = (_rows + Segment - 1) / Segment;
        (int first, int end) = Workers.Slice(segments, part, _team.Count);
        PassWorker worker = _workers[part];
        worker.ClearLaneSums();
        int last = Math.Min(_rows, end * Segment);
        for (int start = first * Segment; start < last; start += run)
        {
            Clip(worker, part, start, Math.Min(run, last - start));
        }

        for (int i = _plan.FirstTrained; i < _plan.Nodes.Count; i++)
        {
            worker.AddWhole(i, _clipped!.Sums(part, i));
        }
    }

    private void Clip(PassWorker worker, int part, int start, int rows)
    {
        ForwardAndScore(worker, start, rows);
        for (int i = _plan.Nodes.Count - 1; i >= _plan.FirstTrained; i--)
        {
            worker.Backward(Clipped(worker, part, i, start, rows), i, norms: true);
        }

        worker.Weigh(_clipping, rows);
        for (int i = _plan.FirstTrained; i < _plan.Nodes.Count; i++)
        {
            worker.AddClipped(Clipped(worker, part, i, start, rows), i, _clipped!.Sums(part, i));
        }
    }

    private void MultiplyPart(int part)
    {
        for (int i = _plan.FirstTrained; i < _plan.Nodes.Count; i++)
        {
            LayerOperator layer = _plan.Nodes[i].Operator;
            if (layer.HasFactors(_plan.Copies))
            {
                int pairs = (_rows + Lanes.Count - 1) / Lanes.Count * FactorRows.BlockPairs;
                layer.AddProducts(
                    _clipped!.Factors(i), pairs, _wholeSums.AsSpan(_network.RangeOf(i)), part, _team.Count);
            }
        }
    }

    private void CollectPart(int part) => _clipped!.Collect(_wholeSums, part);

    private void ForwardAndScore(PassWorker worker, int start, int rows)
    {
        worker.Gather(_data, _chosen.AsSpan(start, rows), _step);
        Forward(worker, rows);
        worker.ScoreAndDifferentiate(_loss, rows, _losses.AsSpan(start, rows));
    }

    private void Forward(PassWorker worker, int rows)
    {
        for (int i = 0; i < _plan.Nodes.Count; i++)
        {
            LayerPass pass = Pass(worker, i, rows);
            _plan.Nodes[i].Operator.Forward(in pass);
        }
    }

    private void SumPart(int part)
    {
        float* scratch = _workers[part].Scratch;
        for (int i = _plan.FirstTrained; i < _plan.Nodes.Count; i++)
        {
            LayerOperator layer = _plan.Nodes[i].Operator;
            Span<float> gradient = _sum.AsSpan(_network.RangeOf(i));
            if (layer.IsDeferred)
            {
                int rows = _rows * _plan.Copies;
                layer.AddGradient(
                    _rowsX[i].Pointer, _rowsDy[i].Pointer, rows, gradient, scratch, part, _team.Count);
            }
            else if (layer.KeptLength > 0)
            {
                (int start, int end) = Workers.Slice(layer.KeptLength, part, _team.Count, Lanes.Count);
                for (int segment = 0; segment * Segment < _rows; segment++)
                {
                    float* sums = _segmentSums.Pointer + ((long)segment * _keptLength) + _keptAt[i];
                    ScaledSum.Add(1f, new ReadOnlySpan<float>(sums + start, end - start), gradient[start..end]);
                }
            }
        }
    }

    private LayerPass Clipped(PassWorker worker, int part, int node, int start, int rows)
    {
        LayerPass pass = Pass(worker, node, rows);
        pass.Factors = _clipped!.Factors(node, part, start, _clipping);
        return pass;
    }

    private LayerPass Pass(PassWorker worker, int node, int rows)
    {
        LayerPass pass = worker.Pass(node, rows);
        pass.Weights = _weights.Pointer + _network.OffsetOf(node);
        pass.Prepared = _prepared.Pointer + _preparedAt[node];
        pass.Training = IsTraining;
        pass.Step = _step;
        return pass;
    }
}
