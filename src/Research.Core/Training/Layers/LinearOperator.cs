using Research.Privacy.Clipping;
using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>Computes <see cref="Linear"/>.</summary>
/// <remarks>
/// I = inputs, O = outputs, T = positions to which the same weights apply (1 for a plain vector). With one position, an
/// example's gradient is the outer product dy·[x, 1]ᵀ, so its squared norm is ‖dy‖²·(‖x‖² + 1) (Goodfellow 2015,
/// arXiv:1510.01799v2, Eq. 4). With privacy x is rounded to whole numbers X of a unit u of the example's own, and dy times
/// the clipping factor to whole numbers D: what is added is D·Xᵀ, of norm ‖D‖·‖X‖ exactly. Another trainer's layer may
/// have no bias: then only its factors are made here, of dy·xᵀ.
/// </remarks>
internal sealed unsafe class LinearOperator(int positions, int inputs, int outputs, bool isFlat, bool hasBias = true)
    : StripOperator(isFlat ? [inputs] : [positions, inputs], isFlat ? [outputs] : [positions, outputs])
{
    private const double LargestHalf = 32767 * (1 - 2.384185791015625e-07); // ‖D‖: elements below 2¹⁵, as rounded.
    private const double LeastRatio = 8;
    private const double LeastNorm = 1 << 6;
    private const double LargestNorm = 1 << 14; // With the rounding of up to 2²⁸ elements below 2¹⁵.

    private int[]? _taps;      // made when first used: most layers form no gradient
    private int[]? _positions;

    public override IReadOnlyList<(string Name, int[] Shape)> Parameters =>
        [("weight", [outputs, inputs]), ("bias", [outputs])];

    public override long PreparedLength =>
        LaneProduct.PackedLength(outputs, inputs) + LaneProduct.PackedLength(inputs, outputs);

    public override bool IsDeferred => true;

    public override int ScratchLength(int copies) => HasFactors(copies) ? 0 : StripScratch;

    public override bool HasFactors(int copies) => copies * positions == 1;

    protected override int StripOutputs => outputs;

    protected override int StripDepth => inputs;

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
        if (!HasFactors(pass.Copies))
        {
            base.AddSquaredNorms(pass, squaredNorms);
            return;
        }

        int lanes = pass.Groups * Lanes.Count;
        double* left = stackalloc double[lanes];
        double* right = stackalloc double[lanes];
        float* scales = stackalloc float[lanes];
        int* squares = stackalloc int[lanes];
        int* ones = stackalloc int[lanes];
        new Span<double>(left, lanes).Clear();
        new Span<double>(right, lanes).Fill(hasBias ? 1 : 0);
        for (int group = 0; group < pass.Groups; group++)
        {
            Lanes.AddSquares(
                pass.Dy + ((long)group * outputs * Lanes.Count), outputs, left + (group * Lanes.Count));
            Lanes.AddSquares(pass.X + ((long)group * inputs * Lanes.Count), inputs, right + (group * Lanes.Count));
        }

        FactorBuffers factors = pass.Factors;
        double most = (double)factors.Bound * factors.Bound;
        double squaredSteps = factors.MostStepsPerUnit * factors.MostStepsPerUnit;
        for (int lane = 0; lane < lanes; lane++)
        {
            double steps = Math.Sqrt(Math.Min(most, squaredSteps * left[lane] * right[lane]));
            double length = Math.Sqrt(right[lane]);
            double perUnit = RoundedNorm(steps) / (length > 0 ? length : 1); // 0 or NaN: the input is not finite.
            scales[lane] = perUnit > 0 ? (float)perUnit : 0;
            ones[lane] = hasBias && perUnit > 0 ? (int)Math.Round(perUnit) : 0;
            factors.Units[lane] = 1 / perUnit;
            factors.Norms[lane] = Math.Sqrt(left[lane]);
        }

        FactorRows.Round(
            pass.X,
            inputs,
            pass.Groups,
            scales,
            factors.Right + ((long)factors.FirstPair * IntegerProduct.Right.Step),
            IntegerProduct.Right,
            (long)factors.Capacity * IntegerProduct.Right.Step,
            squares);
        for (int lane = 0; lane < lanes; lane++)
        {
            double whole = squares[lane] + ((double)ones[lane] * ones[lane]);
            squaredNorms[lane] += whole * factors.Units[lane] * factors.Units[lane] * left[lane];
        }

        for (int pair = 0; pair < lanes / 2; pair++)
        {
            factors.Ones[factors.FirstPair + pair] = (ones[2 * pair] & 0xFFFF) | (ones[(2 * pair) + 1] << 16);
        }
    }

    public override void WriteFactors(in LayerPass pass, float* factors)
    {
        int lanes = pass.Groups * Lanes.Count;
        float* steps = stackalloc float[lanes];
        float* offsets = stackalloc float[lanes];
        FactorBuffers buffers = pass.Factors;
        for (int lane = 0; lane < lanes; lane++)
        {
            (steps[lane], offsets[lane]) = Rounding(factors[lane] * buffers.Units[lane], buffers.Norms[lane]);
        }

        FactorRows.Round(
            pass.Dy,
            outputs,
            pass.Groups,
            steps,
            offsets,
            buffers.Left + ((long)buffers.FirstPair * IntegerProduct.Left.Step),
            IntegerProduct.Left,
            (long)buffers.Capacity * IntegerProduct.Left.Step);
    }

    public override void AddProducts(in FactorBuffers factors, int pairs, Span<long> sums, int part, int parts)
    {
        IntegerProduct.Add(
            factors.Left,
            outputs,
            factors.Right,
            inputs,
            pairs,
            factors.Capacity,
            sums[..WeightLength],
            part,
            parts);
        if (part == 0)
        {
            IntegerProduct.AddWeighed(factors.Left, factors.Ones, pairs, factors.Capacity, sums[WeightLength..]);
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

    protected override void AddStrip(in LayerPass pass, int block, int output, int present, float* strip)
    {
        int[] taps = _taps ??= Steps(inputs, Lanes.Count);
        int[] starts = _positions ??= Steps(positions, inputs * Lanes.Count);
        float* from = pass.Dy + ((((long)block * positions * outputs) + output) * Lanes.Count);
        float* image = pass.X + ((long)block * positions * inputs * Lanes.Count);
        Convolution.Differentiate(from, Lanes.Count, outputs * Lanes.Count, image, taps, starts, present, strip);
        float* bias = strip + ((long)present * inputs * Lanes.Count);
        for (int p = 0; p < positions; p++)
        {
            Lanes.Add(from + ((long)p * outputs * Lanes.Count), bias, present);
        }
    }

    // How dy becomes D with ‖D‖ ≤ factor·‖dy‖: to the nearest, which adds at most √O/2 to the norm and takes that off
    // beforehand, or, where that would be much of it, toward zero.
    private (float Factor, float Offset) Rounding(double factor, double norm)
    {
        double length = Math.Min(factor * norm, LargestHalf);
        if (!(length > 0))
        {
            return (0, 0);
        }

        double added = Math.Sqrt(outputs) / 2;
        bool isNearest = length > LeastRatio * added;
        return (L2Clipping.RoundDown((isNearest ? length - added : length) / norm), isNearest ? FactorRows.Half : 0);
    }

    // ‖X‖ is aimed at √n·⁴√(I/O), n being what the norm of the product will be at the most: then the elements of both
    // factors have as many bits, in small gradients too. Any aim is sound, for the norm is taken of what came out.
    private double RoundedNorm(double steps) =>
        Math.Clamp(Math.Sqrt(steps * Math.Sqrt((double)inputs / outputs)), LeastNorm, LargestNorm);

    private static int[] Steps(int count, int step)
    {
        int[] offsets = new int[count];
        for (int i = 0; i < count; i++)
        {
            offsets[i] = i * step;
        }

        return offsets;
    }
}
