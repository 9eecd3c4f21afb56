using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>Computes <see cref="Linear"/>.</summary>
/// <remarks>
/// I = inputs, O = outputs, T = positions to which the same weights apply (1 for a plain vector). With one position, an
/// example's weight gradient is the outer product dy·xᵀ, so its squared norm is ‖dy‖²·‖x‖², plus ‖dy‖² for the bias
/// (Goodfellow 2015, arXiv:1510.01799v2, Eq. 4). With more, copies of an example included, it is
/// Σ_pq (dy_p·dy_q)(x_p·x_q + 1), or that of the gradient itself, whichever costs less.
/// </remarks>
internal sealed unsafe class LinearOperator(int positions, int inputs, int outputs, bool isFlat)
    : LayerOperator(isFlat ? [inputs] : [positions, inputs], isFlat ? [outputs] : [positions, outputs])
{
    private const int StripOutputs = 12;

    private int[]? _taps;      // made when first used: most layers form no gradient
    private int[]? _positions;

    public override IReadOnlyList<(string Name, int[] Shape)> Parameters =>
        [("weight", [outputs, inputs]), ("bias", [outputs])];

    public override long PreparedLength =>
        LaneProduct.PackedLength(outputs, inputs) + LaneProduct.PackedLength(inputs, outputs);

    public override bool IsDeferred => true;

    public override int ScratchLength(int copies) =>
        UsesPairs(copies * positions) ? 0 : StripOutputs * (inputs + 1) * Lanes.Count;

    private int WeightLength => inputs * outputs;

    public override void Initialise(SeededGenerator generator, Span<float> weights) =>
        generator.FillUniform(weights, (float)(1 / Math.Sqrt(inputs)));

    public override void Prepare(float* weights, float* prepared, bool training, int part, int parts)
    {
        LaneProduct.Pack(weights, Strides.RowMajor(inputs), prepared, outputs, inputs, part, parts);
        if (training)
        {
            float* transposed = prepared + LaneProduct.PackedLength(outputs, inputs);
            LaneProduct.Pack(weights, Strides.TransposeOf(inputs), transposed, inputs, outputs, part, parts);
        }
    }

    public override void Forward(in LayerPass pass)
    {
        int blocks = pass.Blocks * positions;
        for (int block = 0; block < blocks; block++)
        {
            Lanes.Spread(pass.Weights + WeightLength, outputs, pass.Y + ((long)block * outputs * Lanes.Count));
        }

        LaneProduct.Add(pass.Prepared, outputs, inputs, pass.X, pass.Y, blocks);
    }

    public override void Backward(in LayerPass pass)
    {
        int blocks = pass.Blocks * positions;
        new Span<float>(pass.Dx, blocks * inputs * Lanes.Count).Clear();
        float* transposed = pass.Prepared + LaneProduct.PackedLength(outputs, inputs);
        LaneProduct.Add(transposed, inputs, outputs, pass.Dy, pass.Dx, blocks);
    }

    public override void AddSquaredNorms(in LayerPass pass, double* squaredNorms)
    {
        int terms = pass.Copies * positions;
        bool pairs = UsesPairs(terms);
        for (int group = 0; group < pass.Groups; group++)
        {
            float* x = pass.X + ((long)group * terms * inputs * Lanes.Count);
            float* dy = pass.Dy + ((long)group * terms * outputs * Lanes.Count);
            double* sums = squaredNorms + (group * Lanes.Count);
            if (pairs)
            {
                OuterNorm.AddPairs(x, inputs, dy, outputs, terms, sums);
            }
            else
            {
                AddFormed(x, dy, terms, pass.Scratch, sums);
            }
        }
    }

    public override void AddGradient(
        float* x, float* dy, int rows, Span<float> gradient, float* scratch, int part, int parts)
    {
        int terms = rows * positions;
        Span<float> weights = gradient[..WeightLength];
        ReadOnlySpan<float> left = new(dy, terms * outputs);
        ReadOnlySpan<float> right = new(x, terms * inputs);
        if (inputs >= outputs)
        {
            (int start, int end) = Workers.Slice(inputs, part, parts, Lanes.Count * 2);
            if (start < end)
            {
                MatrixProduct.Add(
                    left,
                    Strides.TransposeOf(outputs),
                    right[start..],
                    Strides.RowMajor(inputs),
                    weights[start..],
                    inputs,
                    outputs,
                    end - start,
                    terms);
            }
        }
        else
        {
            (int start, int end) = Workers.Slice(outputs, part, parts, Block512.Rows);
            if (start < end)
            {
                MatrixProduct.Add(
                    left[start..],
                    Strides.TransposeOf(outputs),
                    right,
                    Strides.RowMajor(inputs),
                    weights.Slice(start * inputs, (end - start) * inputs),
                    inputs,
                    end - start,
                    inputs,
                    terms);
            }
        }

        if (part == 0)
        {
            Bias.AddColumnSums(left, outputs, 0, gradient[WeightLength..]);
        }
    }

    private bool UsesPairs(int terms) => terms == 1 || OuterNorm.PairsCostLess(terms, inputs, outputs);

    private static int[] Steps(int count, int step)
    {
        int[] offsets = new int[count];
        for (int i = 0; i < count; i++)
        {
            offsets[i] = i * step;
        }

        return offsets;
    }

    // The gradient itself, a strip of outputs at a time.
    private void AddFormed(float* x, float* dy, int terms, float* strip, double* squaredNorms)
    {
        int[] taps = _taps ??= Steps(inputs, Lanes.Count);
        int[] starts = _positions ??= Steps(positions, inputs * Lanes.Count);
        for (int output = 0; output < outputs; output += StripOutputs)
        {
            int present = Math.Min(StripOutputs, outputs - output);
            int length = present * (inputs + 1);
            new Span<float>(strip, length * Lanes.Count).Clear();
            for (int term = 0; term < terms; term += positions)
            {
                float* from = dy + ((((long)term * outputs) + output) * Lanes.Count);
                float* image = x + ((long)term * inputs * Lanes.Count);
                Convolution.Differentiate(
                    from, Lanes.Count, outputs * Lanes.Count, image, taps, starts, present, strip);
                float* bias = strip + ((long)present * inputs * Lanes.Count);
                for (int p = 0; p < positions; p++)
                {
                    Lanes.Add(from + ((long)p * outputs * Lanes.Count), bias, present);
                }
            }

            Lanes.AddSquares(strip, length, squaredNorms);
        }
    }
}
