using Research.Privacy.Clipping;
using Research.Tensors;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Losses;

namespace Research.Training;

/// <summary>What one thread holds while a run of blocks passes through a network, and the steps between layers.</summary>
internal sealed unsafe class PassWorker
{
    private readonly Network _network;
    private readonly PassPlan _plan;
    private readonly AlignedBuffer _arena;
    private readonly AlignedBuffer _factors; // [groups, 16]
    private readonly AlignedBuffer _present; // [groups, 16]: 1 where the sum takes the example, else 0
    private readonly double[] _squaredNorms; // [groups, 16]
    private readonly int[] _labels;          // [groups, 16]
    private readonly float[] _losses = new float[Lanes.Count];
    private long _nonFinite;

    public PassWorker(Network network, PassPlan plan)
    {
        _network = network;
        _plan = plan;
        _arena = new AlignedBuffer(plan.ArenaLength);
        int lanes = plan.Groups * Lanes.Count;
        _factors = new AlignedBuffer(lanes);
        _present = new AlignedBuffer(lanes);
        _squaredNorms = new double[lanes];
        _labels = new int[lanes];
    }

    public float* Scratch => _arena.Pointer + _plan.Scratch;

    private float* Arena => _arena.Pointer;

    private float* Scores => Arena + _plan.Values[^1];

    private int Outputs => _network.Outputs;

    /// <summary>Returns the number of broken gradients since the last call.</summary>
    public long TakeNonFinite()
    {
        long count = _nonFinite;
        _nonFinite = 0;
        return count;
    }

    /// <summary>Fills the input with the examples chosen.</summary>
    public void Gather(Dataset data, ReadOnlySpan<int> chosen)
    {
        int size = _network.InputSize;
        ReadOnlySpan<int> labels = data.Labels.Span;
        Array.Clear(_labels);
        float** rows = stackalloc float*[Lanes.Count];
        fixed (float* inputs = data.Inputs.Span)
        {
            for (int start = 0; start < chosen.Length; start += Lanes.Count)
            {
                int present = Math.Min(Lanes.Count, chosen.Length - start);
                for (int lane = 0; lane < present; lane++)
                {
                    rows[lane] = inputs + ((long)chosen[start + lane] * size);
                    _labels[start + lane] = labels[chosen[start + lane]];
                }

                Lanes.Gather(rows, present, size, Arena + _plan.Values[0] + ((long)start * size));
            }
        }
    }

    /// <summary>Fills the input with rows [count, D].</summary>
    public void Gather(float* inputs, int count)
    {
        int size = _network.InputSize;
        float** rows = stackalloc float*[Lanes.Count];
        for (int start = 0; start < count; start += Lanes.Count)
        {
            int present = Math.Min(Lanes.Count, count - start);
            for (int lane = 0; lane < present; lane++)
            {
                rows[lane] = inputs + ((long)(start + lane) * size);
            }

            Lanes.Gather(rows, present, size, Arena + _plan.Values[0] + ((long)start * size));
        }
    }

    /// <summary>Writes the scores as rows [count, outputs].</summary>
    public void ScatterScores(int count, float* scores)
    {
        float* ones = stackalloc float[Lanes.Count];
        new Span<float>(ones, Lanes.Count).Fill(1);
        for (int start = 0; start < count; start += Lanes.Count)
        {
            int present = Math.Min(Lanes.Count, count - start);
            Lanes.Scatter(Scores + ((long)start * Outputs), Outputs, ones, present, scores + ((long)start * Outputs));
        }
    }

    /// <summary>Gets losses and predictions from the scores.</summary>
    public void Score(Loss loss, int rows, Span<float> losses, Span<int> predicted)
    {
        for (int start = 0; start < rows; start += Lanes.Count)
        {
            ReadOnlySpan<float> scores = new(Scores + ((long)start * Outputs), Outputs * Lanes.Count);
            loss.Evaluate(scores, Outputs, _labels.AsSpan(start, Lanes.Count), _losses, []);
            int present = Math.Min(Lanes.Count, rows - start);
            _losses.AsSpan(0, present).CopyTo(losses[start..]);
            for (int lane = 0; lane < present; lane++)
            {
                predicted[start + lane] = loss.Predicted(scores, Outputs, lane);
            }
        }
    }

    /// <summary>Gets losses, and the gradient by the scores.</summary>
    public void ScoreAndDifferentiate(Loss loss, int rows, Span<float> losses)
    {
        for (int start = 0; start < rows; start += Lanes.Count)
        {
            long at = (long)start * Outputs;
            loss.Evaluate(
                new ReadOnlySpan<float>(Scores + at, Outputs * Lanes.Count),
                Outputs,
                _labels.AsSpan(start, Lanes.Count),
                _losses,
                new Span<float>(Arena + _plan.Gradients[^1] + at, Outputs * Lanes.Count));
            _losses.AsSpan(0, Math.Min(Lanes.Count, rows - start)).CopyTo(losses[start..]);
        }

        Array.Clear(_squaredNorms);
    }

    /// <summary>Takes one node back: its examples' gradients, their norms if asked for, and the gradient below.</summary>
    public void Backward(in LayerPass pass, int node, bool norms)
    {
        LayerOperator layer = _plan.Nodes[node].Operator;
        layer.Differentiate(in pass);
        if (norms && layer.ParameterCount > 0)
        {
            fixed (double* squaredNorms = _squaredNorms)
            {
                layer.AddSquaredNorms(in pass, squaredNorms);
            }
        }

        if (pass.Dx is null)
        {
            return;
        }

        layer.Backward(in pass);
        for (int later = node; later < _plan.Nodes.Count; later++)
        {
            if (_plan.Nodes[later].Skip == node)
            {
                int count = pass.Blocks * layer.InputSize;
                Lanes.Add(Arena + _plan.Gradients[later + 1], pass.Dx, count);
            }
        }
    }

    /// <summary>Decides by which factor each example's gradient enters the sum.</summary>
    public void Weigh(double? clipNorm, int rows)
    {
        for (int lane = 0; lane < _squaredNorms.Length; lane++)
        {
            float factor = lane >= rows ? 0 : 1;
            if (factor != 0 && clipNorm is { } norm)
            {
                factor = L2Clipping.Factor(_squaredNorms[lane], norm);
                _nonFinite += double.IsFinite(_squaredNorms[lane]) ? 0 : 1;
            }

            _factors.Pointer[lane] = factor;
            _present.Pointer[lane] = factor == 0 ? 0 : 1;
        }
    }

    /// <summary>Writes a deferred layer's inputs and weighed output gradients as rows.</summary>
    public void Defer(int node, int rows, float* x, float* dy)
    {
        LayerOperator layer = _plan.Nodes[node].Operator;
        for (int start = 0; start < rows; start += Lanes.Count)
        {
            int present = Math.Min(Lanes.Count, rows - start);
            float* fromX = Arena + _plan.Values[node] + ((long)start * layer.InputSize);
            float* fromDy = Arena + _plan.Gradients[node + 1] + ((long)start * layer.OutputSize);
            Lanes.Scatter(
                fromX, layer.InputSize, _present.Pointer + start, present, x + ((long)start * layer.InputSize));
            Lanes.Scatter(
                fromDy, layer.OutputSize, _factors.Pointer + start, present, dy + ((long)start * layer.OutputSize));
        }
    }

    /// <summary>Adds a layer's kept gradients, weighed, to its sums.</summary>
    public void AddKept(int node, int rows)
    {
        int length = _plan.Nodes[node].Operator.KeptLength;
        for (int group = 0; group * Lanes.Count < rows; group++)
        {
            float* kept = Arena + _plan.Kept[node] + ((long)group * length * Lanes.Count);
            Lanes.AddScaled(
                kept, _factors.Pointer + (group * Lanes.Count), Arena + _plan.LaneSums[node], length);
        }
    }

    /// <summary>Starts a segment's sums.</summary>
    public void ClearLaneSums()
    {
        for (int i = 0; i < _plan.Nodes.Count; i++)
        {
            int length = _plan.Nodes[i].Operator.KeptLength;
            new Span<float>(Arena + _plan.LaneSums[i], length * Lanes.Count).Clear();
        }
    }

    /// <summary>Ends a segment: sums the lanes.</summary>
    public void ReduceLaneSums(float* sums, int[] at)
    {
        for (int i = 0; i < _plan.Nodes.Count; i++)
        {
            Lanes.Reduce(Arena + _plan.LaneSums[i], _plan.Nodes[i].Operator.KeptLength, sums + at[i]);
        }
    }

    /// <summary>Gets the buffers of one node for a run of rows.</summary>
    public LayerPass Pass(int node, int rows)
    {
        int skip = _plan.Nodes[node].Skip;
        return new LayerPass
        {
            Blocks = (rows + Lanes.Count - 1) / Lanes.Count * _plan.Copies,
            Copies = _plan.Copies,
            X = Arena + _plan.Values[node],
            Y = Arena + _plan.Values[node + 1],
            Skip = skip == Node.NoSkip ? null : Arena + _plan.Values[skip],
            Dy = _plan.Gradients[node + 1] >= 0 ? Arena + _plan.Gradients[node + 1] : null,
            Dx = _plan.Gradients[node] >= 0 ? Arena + _plan.Gradients[node] : null,
            Saved = Arena + _plan.Saved[node],
            Kept = Arena + _plan.Kept[node],
            Scratch = Scratch,
        };
    }
}
