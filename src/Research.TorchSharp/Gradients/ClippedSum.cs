using System.Runtime.InteropServices;
using Research.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Research.TorchSharp.Gradients;

/// <summary>Clips the gradients of a batch's examples, and adds them to the private sum of whole numbers.</summary>
/// <remarks>
/// Each example adds whole numbers of grid steps whose exact L2 norm is at most the grid's bound, whatever the floats
/// are: norms are sums of squares, in double, of the very numbers that are added (formed gradients), or of their
/// whole-number factors (outer products). Proof: Privacy/PROOFS.md, "Sums of integers". The bits are this machine's:
/// what libtorch gave for the gradients.
/// </remarks>
internal sealed unsafe class ClippedSum : IDisposable
{
    /// <summary>The most examples that are added at once.</summary>
    public const int MostExamples = IntegerRows.MostRows / Lanes.Count * Lanes.Count;

    private readonly TrainedParameters _parameters;
    private readonly int _capacity;
    private readonly double[] _squaredNorms; // [layers, capacity]
    private readonly float[] _factors;       // [layers, capacity]
    private readonly Dictionary<ParameterSlot, OuterFactors> _outer = [];
    private readonly Dictionary<ParameterSlot, Dictionary<long, float[]>[]> _rows = []; // of the batch being added

    /// <summary>Makes room.</summary>
    /// <param name="parameters">Whose gradients.</param>
    /// <param name="examples">Most examples at once, 1 to <see cref="MostExamples"/>.</param>
    public ClippedSum(TrainedParameters parameters, int examples)
    {
        _parameters = parameters;
        _capacity = (examples + Lanes.Count - 1) / Lanes.Count * Lanes.Count;
        _squaredNorms = new double[parameters.Layers * _capacity];
        _factors = new float[_squaredNorms.Length];
    }

    /// <summary>Adds the clipped gradients of a batch.</summary>
    /// <param name="pieces">The gradients, every parameter at most once.</param>
    /// <param name="batch">Rows, at most as many as there is room for.</param>
    /// <param name="present">How many of them, the first, are examples; the others fill up and count for
    /// nothing.</param>
    /// <param name="release">How gradients are bounded.</param>
    /// <param name="sums">The sum, in grid steps, [P].</param>
    /// <returns>How many gradients held NaN or infinity, and were left out.</returns>
    public int Add(IReadOnlyList<GradientPiece> pieces, int batch, int present, TorchRelease release, long[] sums)
    {
        using DisposeScope scope = NewDisposeScope();
        GradientPiece[] ready = [.. pieces.Select(Ready)];
        Training.Clipping clipping = release.Clipping;
        Array.Clear(_squaredNorms);
        foreach (GradientPiece piece in ready)
        {
            int layer = piece.Slots[0].Layer;
            Span<double> norms = release.Counts(layer) ? Norms(layer) : new double[_capacity];
            AddSquaredNorms(piece, batch, clipping, norms);
        }

        int broken = Weigh(present, clipping);
        foreach (GradientPiece piece in ready)
        {
            AddPiece(piece, batch, Factors(piece.Slots[0].Layer), sums);
        }

        return broken;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (OuterFactors factors in _outer.Values)
        {
            factors.Dispose();
        }
    }

    private static GradientPiece Ready(GradientPiece piece) => piece switch
    {
        FormedGradient formed => formed with { Values = Floats(formed.Values) },
        OuterProduct outer => outer with { X = Floats(outer.X), Dy = Floats(outer.Dy) },
        RowGradient rows => rows with { Dy = Floats(rows.Dy), Rows = rows.Rows.cpu().contiguous() },
        _ => throw new NotSupportedException($"No way to add a {piece.GetType().Name}."),
    };

    private static Tensor Floats(Tensor values) => values.detach().to(float32).cpu().contiguous();

    private static float* Pointer(Tensor values)
    {
        Span<byte> bytes = values.bytes;
        fixed (byte* first = bytes)
        {
            return (float*)first; // The tensor's own memory, which does not move.
        }
    }

    private Span<double> Norms(int layer) => _squaredNorms.AsSpan(layer * _capacity, _capacity);

    private Span<float> Factors(int layer) => _factors.AsSpan(layer * _capacity, _capacity);

    private void AddSquaredNorms(GradientPiece piece, int batch, Training.Clipping clipping, Span<double> norms)
    {
        switch (piece)
        {
            case FormedGradient formed:
                IntegerRows.AddSquares(Pointer(formed.Values), batch, formed.Slot.Length, norms);
                break;
            case OuterProduct outer:
                FactorsOf(outer).AddSquaredNorms(Pointer(outer.X), Pointer(outer.Dy), batch, clipping, norms);
                break;
            case RowGradient rows:
                Dictionary<long, float[]>[] merged = [.. Enumerable.Range(0, batch).Select(i => Merged(rows, i))];
                _rows[rows.Slot] = merged;
                for (int i = 0; i < batch; i++)
                {
                    norms[i] += merged[i].Values.Sum(row => Privacy.Clipping.L2Clipping.SquaredNorm(row));
                }

                break;
        }
    }

    private int Weigh(int present, Training.Clipping clipping)
    {
        int broken = 0;
        for (int i = 0; i < _capacity; i++)
        {
            double whole = 0;
            for (int layer = 0; layer < _parameters.Layers; layer++)
            {
                whole += Norms(layer)[i];
            }

            bool isFinite = double.IsFinite(whole);
            broken += i < present && !isFinite ? 1 : 0;
            for (int layer = 0; layer < _parameters.Layers; layer++)
            {
                Factors(layer)[i] = i < present && isFinite
                    ? clipping.Factor(whole, Norms(layer)[i], _parameters.Layers)
                    : 0;
            }
        }

        return broken;
    }

    private void AddPiece(GradientPiece piece, int batch, ReadOnlySpan<float> factors, long[] sums)
    {
        switch (piece)
        {
            case FormedGradient formed:
                IntegerRows.AddTruncated(
                    Pointer(formed.Values), batch, formed.Slot.Length, factors, Part(formed.Slot, sums));
                break;
            case OuterProduct outer:
                FactorsOf(outer).Add(
                    batch, factors, Part(outer.Weight, sums), outer.Bias is null ? [] : Part(outer.Bias, sums));
                break;
            case RowGradient rows:
                for (int i = 0; i < batch; i++)
                {
                    AddRows(_rows[rows.Slot][i], factors[i], Part(rows.Slot, sums));
                }

                break;
        }
    }

    private static Span<long> Part(ParameterSlot slot, long[] sums) => sums.AsSpan(slot.Offset, slot.Length);

    private static void AddRows(Dictionary<long, float[]> rows, float factor, Span<long> sums)
    {
        if (factor == 0)
        {
            return; // Whatever the gradient holds.
        }

        foreach ((long row, float[] values) in rows)
        {
            Span<long> own = sums.Slice((int)row * values.Length, values.Length);
            for (int i = 0; i < values.Length; i++)
            {
                own[i] += (long)(values[i] * factor); // Toward zero: that never raises a norm.
            }
        }
    }

    // The floats of one example's gradient, row by row: what is weighed is what is added.
    private static Dictionary<long, float[]> Merged(RowGradient rows, int example)
    {
        int count = (int)rows.Rows.shape[1];
        int size = (int)rows.Dy.shape[2];
        ReadOnlySpan<long> which = MemoryMarshal.Cast<byte, long>(rows.Rows.bytes).Slice(example * count, count);
        ReadOnlySpan<float> values = new(Pointer(rows.Dy) + ((long)example * count * size), count * size);
        Dictionary<long, float[]> merged = [];
        for (int i = 0; i < count; i++)
        {
            if (which[i] < 0)
            {
                continue;
            }

            if (!merged.TryGetValue(which[i], out float[]? sum))
            {
                merged.Add(which[i], sum = new float[size]);
            }

            for (int j = 0; j < size; j++)
            {
                sum[j] += values[(i * size) + j];
            }
        }

        return merged;
    }

    private OuterFactors FactorsOf(OuterProduct outer)
    {
        if (!_outer.TryGetValue(outer.Weight, out OuterFactors? factors))
        {
            (int outputs, int inputs) = ((int)outer.Dy.shape[1], (int)outer.X.shape[1]);
            factors = new OuterFactors(inputs, outputs, outer.Bias is not null, _capacity);
            _outer.Add(outer.Weight, factors);
        }

        return factors;
    }
}
