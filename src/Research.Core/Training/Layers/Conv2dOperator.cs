using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>Computes <see cref="Conv2d"/> on blocks of 16 images, straight from the padded image.</summary>
/// <remarks>
/// O = outputs, T = taps of one output, P = positions. A small layer keeps each example's gradient, [O, T] and then
/// [O]: it stays in the second-level cache, its norm is taken from the very numbers that are added up, and no product
/// is computed twice. A large one defers the sum, or, with privacy, forms the gradient in strips.
/// </remarks>
internal sealed unsafe class Conv2dOperator : StripOperator
{
    private const int MostKept = 1 << 15; // 2 MiB a block

    private readonly ImageWindow _window; // of one group of channels
    private readonly int _groups;
    private readonly int _outputs;        // of one group
    private readonly int _paddedWidth;
    private readonly int _paddedPlane;
    private readonly int[] _taps;
    private readonly int[] _positions;
    private readonly int[] _outputRows;
    private readonly int _packed;

    public Conv2dOperator(ImageWindow window, int outputs, int groups)
        : base(
            [window.Channels, window.Height, window.Width], [outputs, window.OutputHeight, window.OutputWidth])
    {
        _window = window with { Channels = window.Channels / groups };
        _groups = groups;
        _outputs = outputs / groups;
        _paddedWidth = window.Width + (2 * window.Padding);
        _paddedPlane = (window.Height + (2 * window.Padding)) * _paddedWidth;
        _taps = Taps();
        _positions = Positions();
        _outputRows = [.. Enumerable.Range(0, _outputs).Select(o => o * window.Positions * Lanes.Count)];
        _packed = Convolution.PackedLength(_outputs, _window.Taps);
    }

    public override IReadOnlyList<(string Name, int[] Shape)> Parameters =>
        [
            ("weight", [_outputs * _groups, _window.Channels, _window.Kernel, _window.Kernel]),
            ("bias", [_outputs * _groups]),
        ];

    public override long PreparedLength =>
        (long)_groups * (_packed + Convolution.PackedLength(_window.Taps, _outputs));

    public override int ScratchLength(int copies) => !IsDeferred
        ? PaddedLength
        : Math.Max(StripScratch, _window.Taps * _window.Positions);

    public override int KeptLength => WeightLength + AllOutputs <= MostKept ? WeightLength + AllOutputs : 0;

    public override bool IsDeferred => KeptLength == 0;

    protected override int StripOutputs => AllOutputs;

    protected override int StripDepth => _window.Taps;

    protected override int FormScratch => PaddedLength;

    private int AllOutputs => _outputs * _groups;

    private int GroupLength => _outputs * _window.Taps;

    private int WeightLength => GroupLength * _groups;

    private int PaddedLength => _window.Padding == 0 ? 0 : _window.Channels * _groups * _paddedPlane * Lanes.Count;

    private int GroupImage => _window.Channels * _paddedPlane * Lanes.Count;

    private int GroupOutput => _outputs * _window.Positions * Lanes.Count;

    public override void Initialise(SeededGenerator generator, Span<float> weights) =>
        generator.FillUniform(weights, (float)(1 / Math.Sqrt(_window.Taps)));

    public override void Prepare(float* weights, float* prepared, bool training, int part, int parts)
    {
        (int first, int end) = Workers.Slice(_groups, part, parts);
        float* transposed = prepared + ((long)_groups * _packed);
        int packedTransposed = Convolution.PackedLength(_window.Taps, _outputs);
        for (int group = first; group < end; group++)
        {
            float* own = weights + ((long)group * GroupLength);
            Convolution.Pack(
                own, Strides.RowMajor(_window.Taps), prepared + ((long)group * _packed), _outputs, _window.Taps);
            if (training)
            {
                float* target = transposed + ((long)group * packedTransposed);
                Convolution.Pack(own, Strides.TransposeOf(_window.Taps), target, _window.Taps, _outputs);
            }
        }
    }

    public override void Forward(in LayerPass pass)
    {
        for (int block = 0; block < pass.Blocks; block++)
        {
            float* image = Padded(pass, block);
            float* y = pass.Y + ((long)block * OutputSize * Lanes.Count);
            for (int group = 0; group < _groups; group++)
            {
                Convolution.Forward(
                    pass.Prepared + ((long)group * _packed),
                    pass.Weights + WeightLength + (group * _outputs),
                    image + ((long)group * GroupImage),
                    _taps,
                    _positions,
                    y + ((long)group * GroupOutput),
                    _outputs);
            }
        }
    }

    public override void Backward(in LayerPass pass)
    {
        float* transposed = pass.Prepared + ((long)_groups * _packed);
        int packedTransposed = Convolution.PackedLength(_window.Taps, _outputs);
        for (int block = 0; block < pass.Blocks; block++)
        {
            float* dx = pass.Dx + ((long)block * InputSize * Lanes.Count);
            float* image = _window.Padding == 0 ? dx : pass.Scratch;
            new Span<float>(image, _groups * GroupImage).Clear();
            for (int group = 0; group < _groups; group++)
            {
                Convolution.Backward(
                    transposed + ((long)group * packedTransposed),
                    pass.Dy + ((long)block * OutputSize * Lanes.Count) + ((long)group * GroupOutput),
                    _outputRows,
                    _taps,
                    _positions,
                    image + ((long)group * GroupImage));
            }

            if (_window.Padding > 0)
            {
                CopyInside(image, dx, fromPadded: true);
            }
        }
    }

    public override void Differentiate(in LayerPass pass)
    {
        if (IsDeferred)
        {
            return;
        }

        new Span<float>(pass.Kept, pass.Groups * KeptLength * Lanes.Count).Clear();
        for (int block = 0; block < pass.Blocks; block++)
        {
            float* kept = pass.Kept + ((long)(block / pass.Copies) * KeptLength * Lanes.Count);
            float* image = Padded(pass, block);
            float* dy = pass.Dy + ((long)block * OutputSize * Lanes.Count);
            for (int group = 0; group < _groups; group++)
            {
                Convolution.Differentiate(
                    dy + ((long)group * GroupOutput),
                    _window.Positions * Lanes.Count,
                    Lanes.Count,
                    image + ((long)group * GroupImage),
                    _taps,
                    _positions,
                    _outputs,
                    kept + ((long)group * GroupLength * Lanes.Count));
            }

            AddBias(dy, AllOutputs, kept + ((long)WeightLength * Lanes.Count));
        }
    }

    public override void AddSquaredNorms(in LayerPass pass, double* squaredNorms)
    {
        if (IsDeferred)
        {
            base.AddSquaredNorms(pass, squaredNorms);
        }
        else
        {
            AddKeptNorms(pass, squaredNorms);
        }
    }

    public override void AddGradient(
        float* x, float* dy, int rows, Span<float> gradient, float* scratch, int part, int parts)
    {
        (int start, int end) = Workers.Slice(_outputs, part, parts, Block512.Rows);
        if (start == end)
        {
            return;
        }

        int positions = _window.Positions;
        Span<float> columns = new(scratch, _window.Taps * positions);
        for (int row = 0; row < rows; row++)
        {
            for (int group = 0; group < _groups; group++)
            {
                float* image = x + ((long)row * InputSize) + ((long)group * _window.ImageLength);
                float* from = dy + ((long)row * OutputSize) + ((((long)group * _outputs) + start) * positions);
                ImageColumns.Gather(new ReadOnlySpan<float>(image, _window.ImageLength), _window, columns);
                MatrixProduct.Add(
                    new ReadOnlySpan<float>(from, (end - start) * positions),
                    Strides.RowMajor(positions),
                    columns,
                    Strides.TransposeOf(positions),
                    gradient.Slice((group * GroupLength) + (start * _window.Taps), (end - start) * _window.Taps),
                    _window.Taps,
                    end - start,
                    _window.Taps,
                    positions);
                for (int i = 0; i < (end - start) * positions; i++)
                {
                    gradient[WeightLength + (group * _outputs) + start + (i / positions)] += from[i];
                }
            }
        }
    }

    protected override int StripLength(int output) => // A strip ends with its group.
        Math.Min(base.StripLength(output), (((output / _outputs) + 1) * _outputs) - output);

    protected override void AddStrip(in LayerPass pass, int block, int output, int present, float* strip)
    {
        float* image = Padded(pass, block) + ((long)(output / _outputs) * GroupImage);
        long at = ((long)block * OutputSize) + ((long)output * _window.Positions);
        float* dy = pass.Dy + (at * Lanes.Count);
        Convolution.Differentiate(
            dy, _window.Positions * Lanes.Count, Lanes.Count, image, _taps, _positions, present, strip);
        AddBias(dy, present, strip + ((long)present * _window.Taps * Lanes.Count));
    }

    private int[] Taps()
    {
        int[] taps = new int[_window.Taps];
        for (int t = 0; t < taps.Length; t++)
        {
            int tap = t % (_window.Kernel * _window.Kernel);
            int channel = t / (_window.Kernel * _window.Kernel);
            int line = (tap / _window.Kernel * _paddedWidth) + (tap % _window.Kernel);
            taps[t] = ((channel * _paddedPlane) + line) * Lanes.Count;
        }

        return taps;
    }

    private int[] Positions()
    {
        int[] positions = new int[_window.Positions];
        for (int p = 0; p < positions.Length; p++)
        {
            int line = p / _window.OutputWidth * _paddedWidth;
            positions[p] = (line + (p % _window.OutputWidth)) * _window.Stride * Lanes.Count;
        }

        return positions;
    }

    private float* Padded(in LayerPass pass, int block)
    {
        float* x = pass.X + ((long)block * InputSize * Lanes.Count);
        if (_window.Padding == 0)
        {
            return x;
        }

        new Span<float>(pass.Scratch, PaddedLength).Clear();
        CopyInside(pass.Scratch, x, fromPadded: false);
        return pass.Scratch;
    }

    private void CopyInside(float* padded, float* image, bool fromPadded)
    {
        int line = _window.Width * Lanes.Count;
        for (int row = 0; row < _window.Channels * _groups * _window.Height; row++)
        {
            int channel = row / _window.Height;
            int y = (row % _window.Height) + _window.Padding;
            int at = ((channel * _paddedPlane) + (y * _paddedWidth) + _window.Padding) * Lanes.Count;
            Span<float> inside = new(padded + at, line);
            Span<float> outside = new(image + ((long)row * line), line);
            if (fromPadded)
            {
                inside.CopyTo(outside);
            }
            else
            {
                outside.CopyTo(inside);
            }
        }
    }

    private void AddBias(float* dy, int outputs, float* bias)
    {
        for (int output = 0; output < outputs; output++)
        {
            for (int p = 0; p < _window.Positions; p++)
            {
                float* from = dy + ((((long)output * _window.Positions) + p) * Lanes.Count);
                Lanes.Add(from, bias + ((long)output * Lanes.Count), 1);
            }
        }
    }
}
