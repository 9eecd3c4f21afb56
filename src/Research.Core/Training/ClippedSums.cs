using Research.Privacy.Sums;
using Research.Tensors;
using Research.Training.Layers;

namespace Research.Training;

/// <summary>Where private sums are made: the factors of a chunk of examples, and each thread's own sums.</summary>
internal sealed unsafe class ClippedSums : IDisposable
{
    private readonly PassPlan _plan;
    private readonly int _capacity;   // pairs
    private readonly int _lanes;
    private readonly int _threads;
    private readonly int[] _at;       // [N + 1]: where the sums of each node lie; those with factors have none
    private readonly Range[] _ranges; // [N]: of each node's parameters
    private readonly PinnedBuffer<long>[] _sums; // [threads] of [sums]
    private readonly PinnedBuffer<int>[] _left;  // [N]
    private readonly PinnedBuffer<int>[] _right; // [N]
    private readonly PinnedBuffer<int> _ones;    // [N, capacity]
    private readonly PinnedBuffer<double> _units; // [threads, N, 2, lanes]

    /// <summary>Plans the buffers.</summary>
    /// <param name="network">Whose gradients.</param>
    /// <param name="plan">The pass's plan.</param>
    /// <param name="capacity">Examples of a chunk.</param>
    /// <param name="threads">Threads.</param>
    public ClippedSums(Network network, PassPlan plan, int capacity, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, SumGrid.MostTerms);
        IReadOnlyList<Node> nodes = plan.Nodes;
        _plan = plan;
        _capacity = capacity / 2;
        _lanes = plan.Groups * Lanes.Count;
        _threads = threads;
        bool[] hasFactors = [.. nodes.Select(node => node.Operator.HasFactors(plan.Copies))];
        _ranges = [.. nodes.Select((_, i) => network.RangeOf(i))];
        _at = new int[nodes.Count + 1];
        for (int i = 0; i < nodes.Count; i++)
        {
            _at[i + 1] = _at[i] + (hasFactors[i] ? 0 : (int)nodes[i].Operator.ParameterCount);
        }

        _sums = [.. Enumerable.Range(0, threads).Select(_ => new PinnedBuffer<long>(_at[^1]))];
        _left = [.. nodes.Select((node, i) => new PinnedBuffer<int>(
            hasFactors[i] ? IntegerProduct.Length(IntegerProduct.Left, node.Operator.OutputSize, capacity) : 0))];
        _right = [.. nodes.Select((node, i) => new PinnedBuffer<int>(
            hasFactors[i] ? IntegerProduct.Length(IntegerProduct.Right, node.Operator.InputSize, capacity) : 0))];
        _ones = new PinnedBuffer<int>((long)nodes.Count * _capacity);
        _units = new PinnedBuffer<double>((long)threads * nodes.Count * 2 * _lanes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IDisposable[] buffers = [.. _sums, .. _left, .. _right, _ones, _units];
        Array.ForEach(buffers, buffer => buffer.Dispose());
    }

    /// <summary>Gets a node's part of one thread's sums.</summary>
    public long* Sums(int part, int node) => _sums[part].Pointer + _at[node];

    /// <summary>Gets a node's factors.</summary>
    public FactorBuffers Factors(int node) => new()
    {
        Capacity = _capacity,
        Left = _left[node].Pointer,
        Right = _right[node].Pointer,
        Ones = _ones.Pointer + ((long)node * _capacity),
    };

    /// <summary>Gets where one thread writes the factors of a run of examples.</summary>
    /// <param name="node">The node.</param>
    /// <param name="part">The thread.</param>
    /// <param name="start">The run's first example in the chunk, a multiple of 16.</param>
    /// <param name="clipping">How gradients are bounded.</param>
    public FactorBuffers Factors(int node, int part, int start, in Clipping clipping)
    {
        FactorBuffers factors = Factors(node);
        factors.Bound = clipping.Grid.Bound;
        factors.MostStepsPerUnit = clipping.MostStepsPerUnit;
        factors.FirstPair = start / 2;
        factors.Units = _units.Pointer + ((((long)part * _plan.Nodes.Count) + node) * 2 * _lanes);
        factors.Norms = factors.Units + _lanes;
        return factors;
    }

    /// <summary>Adds all threads' sums to one part of the sum, and clears them.</summary>
    public void Collect(Span<long> sums, int part)
    {
        for (int node = _plan.FirstTrained; node < _plan.Nodes.Count; node++)
        {
            Span<long> whole = sums[_ranges[node]];
            (int start, int end) = Workers.Slice(_at[node + 1] - _at[node], part, _threads, Lanes.Count);
            for (int thread = 0; thread < _threads && start < end; thread++)
            {
                IntegerLanes.Move(_sums[thread].Span.Slice(_at[node] + start, end - start), whole[start..end]);
            }
        }
    }
}
