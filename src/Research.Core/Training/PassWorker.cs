using Research.Tensors;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Losses;

namespace Research.Training;

/// <summary>What one thread holds while a run of blocks passes through a network, and the steps between layers.</summary>
internal sealed unsafe class PassWorker : IDisposable
{
    private readonly Network _network;
    private readonly PassPlan _plan;
    private readonly ImageAugmenter? _augmenter;
    private readonly PinnedBuffer<float> _arena;
    private readonly PinnedBuffer<float> _changed;  // [16, D]: augmented copies of a group
    private readonly PinnedBuffer<float> _factors;  // [N, groups, 16]: a row for each node if layers are clipped apart
    private readonly PinnedBuffer<float> _present;  // [groups, 16]: 1 where there is an example, else 0
    private readonly double[] _squaredNorms;  // [N, groups, 16]
    private readonly int[] _labels;           // [groups, 16]
    private readonly float[] _losses = new float[Lanes.Count];
    private readonly int _lanes;
    private long _nonFinite;

    public PassWorker(Network network, PassPlan plan, ImageAugmenter? augmenter)
    {
        _network = network;
        _plan = plan;
        _augmenter = augmenter is { IsIdentity: false } ? augmenter : null;
        _arena = new PinnedBuffer<float>(plan.ArenaLength);
        _changed = new PinnedBuffer<float>(_augmenter is null ? 0 : (long)Lanes.Count * network.LayerInputSize);
        _lanes = plan.Groups * Lanes.Count;
        _factors = new PinnedBuffer<float>((long)plan.Nodes.Count * _lanes);
        _present = new PinnedBuffer<float>(_lanes);
        _squaredNorms = new double[plan.Nodes.Count * _lanes];
        _labels = new int[_lanes];
    }

    public float* Scratch => _arena.Pointer + _plan.Scratch;

    private float* Arena => _arena.Pointer;

    private float* Scores => Arena + _plan.Values[^1];

    private int Outputs => _network.Outputs;

    /// <inheritdoc/>
    public void Dispose()
    {
        _arena.Dispose();
        _changed.Dispose();
        _factors.Dispose();
        _present.Dispose();
    }

    /// <summary>Returns the number of broken gradients since the last call.</summary>
    public long TakeNonFinite()
    {
        long count = _nonFinite;
        _nonFinite = 0;
        return count;
    }

    /// <summary>Fills the input with copies of the examples chosen.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="chosen">Which of them, at most as many as a run holds.</param>
    /// <param name="step">The step, a counter of the augmentation.</param>
    public void Gather(Dataset data, ReadOnlySpan<int> chosen, long step)
    {
        int size = _network.LayerInputSize;
        ReadOnlySpan<int> labels = data.Labels.Span;
        Array.Clear(_labels);
        float** rows = stackalloc float*[Lanes.Count];
        ulong* fingerprints = stackalloc ulong[Lanes.Count];
        fixed (float* inputs = data.Inputs.Span)
        {
            for (int start = 0; start < chosen.Length; start += Lanes.Count)
            {
                int present = Math.Min(Lanes.Count, chosen.Length - start);
                for (int lane = 0; lane < present; lane++)
                {
                    int example = chosen[start + lane];
                    _labels[start + lane] = labels[example];
                    fingerprints[lane] = _augmenter is null
                        ? 0
                        : ImageAugmenter.Fingerprint(new ReadOnlySpan<float>(inputs + ((long)example * size), size));
                }

                for (int copy = 0; copy < _plan.Copies; copy++)
                {
                    for (int lane = 0; lane < present; lane++)
                    {
                        float* row = inputs + ((long)chosen[start + lane] * size);
                        rows[lane] = Changed(row, lane, step, fingerprints[lane], copy);
                    }

                    long block = ((long)start / Lanes.Count * _plan.Copies) + copy;
                    Lanes.Gather(rows, present, size, Arena + _plan.Values[0] + (block * size * Lanes.Count));
                }
            }
        }
    }

    /// <summary>Fills the input with rows [count, D].</summary>
    public void Gather(float* inputs, int count)
    {
        int size = _network.LayerInputSize;
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

    /// <summary>Gets losses, and the gradient by the scores; both are means over an example's copies.</summary>
    public void ScoreAndDifferentiate(Loss loss, int rows, Span<float> losses)
    {
        int length = Outputs * Lanes.Count;
        losses[..rows].Clear();
        for (int start = 0; start < rows; start += Lanes.Count)
        {
            for (int copy = 0; copy < _plan.Copies; copy++)
            {
                long at = (((long)start / Lanes.Count * _plan.Copies) + copy) * length;
                Span<float> gradient = new(Arena + _plan.Gradients[^1] + at, length);
                ReadOnlySpan<int> labels = _labels.AsSpan(start, Lanes.Count);
                loss.Evaluate(new ReadOnlySpan<float>(Scores + at, length), Outputs, labels, _losses, gradient);
                AddMean(gradient, losses[start..rows]);
            }
        }

        Array.Clear(_squaredNorms);
    }

    /// <summary>Takes one node back: its examples' gradients, their norms if asked for, and the gradient below.</summary>
    public void Backward(in LayerPass pass, int node, bool norms)
    {
        LayerOperator layer = _plan.Nodes[node].Operator;
        layer.Differentiate(in pass);
        if (norms && _plan.HasParameters[node])
        {
            fixed (double* squaredNorms = _squaredNorms)
            {
                layer.AddSquaredNorms(in pass, squaredNorms + ((long)node * _lanes));
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

    /// <summary>Lets each example's gradient enter a sum of floats as it is.</summary>
    public void Take(int rows)
    {
        for (int lane = 0; lane < _lanes; lane++)
        {
            _present.Pointer[lane] = lane < rows ? 1 : 0;
        }
    }

    /// <summary>Decides by which factor each example's gradient enters the private sum, in grid steps.</summary>
    /// <remarks>A gradient that is not finite anywhere enters nowhere.</remarks>
    public void Weigh(Clipping clipping, int rows)
    {
        for (int lane = 0; lane < _lanes; lane++)
        {
            double squaredNorm = 0;
            for (int node = _plan.FirstTrained; node < _plan.Nodes.Count; node++)
            {
                squaredNorm += _squaredNorms[(node * _lanes) + lane];
            }

            bool isFinite = double.IsFinite(squaredNorm);
            _nonFinite += lane < rows && !isFinite ? 1 : 0;
            for (int node = _plan.FirstTrained; node < _plan.Nodes.Count; node++)
            {
                int at = (node * _lanes) + lane;
                _factors.Pointer[at] = lane < rows && isFinite
                    ? clipping.Factor(squaredNorm, _squaredNorms[at], _plan.TrainedCount)
                    : 0;
            }
        }
    }

    /// <summary>Adds a node's gradients, clipped, to this thread's sums, or writes their factors.</summary>
    /// <param name="pass">The buffers.</param>
    /// <param name="node">The node.</param>
    /// <param name="sums">The node's part of this thread's sums.</param>
    public void AddClipped(in LayerPass pass, int node, long* sums)
    {
        LayerOperator layer = _plan.Nodes[node].Operator;
        float* factors = _factors.Pointer + ((long)node * _lanes);
        if (layer.HasFactors(_plan.Copies))
        {
            layer.WriteFactors(in pass, factors);
        }
        else if (layer.KeptLength == 0)
        {
            layer.AddClipped(in pass, factors, sums);
        }

        for (int group = 0; group < pass.Groups && layer.KeptLength > 0; group++)
        {
            float* kept = pass.Kept + ((long)group * layer.KeptLength * Lanes.Count);
            int* whole = (int*)(Arena + _plan.LaneSums[node]);
            IntegerLanes.AddTruncated(kept, factors + (group * Lanes.Count), whole, layer.KeptLength);
        }
    }

    /// <summary>Writes a deferred layer's inputs and output gradients as rows, copy by copy.</summary>
    public void Defer(int node, int rows, float* x, float* dy)
    {
        LayerOperator layer = _plan.Nodes[node].Operator;
        float* fromX = Arena + _plan.Values[node];
        float* fromDy = Arena + _plan.Gradients[node + 1];
        for (int start = 0; start < rows; start += Lanes.Count)
        {
            int present = Math.Min(Lanes.Count, rows - start);
            for (int copy = 0; copy < _plan.Copies; copy++)
            {
                Lanes.Scatter(fromX, layer.InputSize, _present.Pointer + start, present, x);
                Lanes.Scatter(fromDy, layer.OutputSize, _present.Pointer + start, present, dy);
                fromX += (long)layer.InputSize * Lanes.Count;
                fromDy += (long)layer.OutputSize * Lanes.Count;
                x += (long)layer.InputSize * present;
                dy += (long)layer.OutputSize * present;
            }
        }
    }

    /// <summary>Adds a layer's kept gradients to its sums of floats.</summary>
    public void AddKept(int node, int rows)
    {
        int length = _plan.Nodes[node].Operator.KeptLength;
        for (int start = 0; start < rows; start += Lanes.Count)
        {
            float* kept = Arena + _plan.Kept[node] + ((long)start * length);
            Lanes.AddScaled(kept, _present.Pointer + start, Arena + _plan.LaneSums[node], length);
        }
    }

    /// <summary>Starts the sums of kept gradients: zeros, whether floats or whole numbers.</summary>
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

    /// <summary>Adds the sums of kept gradients, lanes and all, to this thread's.</summary>
    /// <param name="node">The node.</param>
    /// <param name="sums">The node's part of this thread's sums.</param>
    public void AddWhole(int node, long* sums) => IntegerLanes.AddReduced(
        (int*)(Arena + _plan.LaneSums[node]), _plan.Nodes[node].Operator.KeptLength, sums);

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

    private float* Changed(float* row, int lane, long step, ulong fingerprint, int copy)
    {
        if (_augmenter is null)
        {
            return row;
        }

        int size = _network.LayerInputSize;
        float* changed = _changed.Pointer + ((long)lane * size);
        _augmenter.Change(new ReadOnlySpan<float>(row, size), step, fingerprint, copy, new Span<float>(changed, size));
        return changed;
    }

    // This copy's share of the mean over all copies.
    private void AddMean(Span<float> gradient, Span<float> losses)
    {
        float share = 1f / _plan.Copies;
        if (_plan.Copies > 1)
        {
            ScaledSum.Scale(share, gradient);
        }

        for (int lane = 0; lane < Math.Min(Lanes.Count, losses.Length); lane++)
        {
            losses[lane] += _losses[lane] * share;
        }
    }
}
