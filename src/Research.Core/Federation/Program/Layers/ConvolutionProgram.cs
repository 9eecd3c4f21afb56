using Research.Tensors;
using Research.Training.Layers;

namespace Research.Federation.Program.Layers;

/// <summary>A convolution as products of patches: every place of the kernel is copied into a row, then a row is a run.</summary>
/// <remarks>
/// Patches [groups, places, taps] serve forward, their transposes [groups, taps, places] a record's weight gradient
/// G = δ·patchesᵀ; back, δ·W gives what each tap received, and each element of the image adds up its taps.
/// </remarks>
internal sealed class ConvolutionProgram : LayerProgram
{
    private readonly Conv2d _layer;
    private readonly ImageWindow _window;
    private readonly int _tensor;
    private readonly bool _isRectified;
    private readonly string _key;
    private Signal? _x;

    public ConvolutionProgram(Conv2d layer, IReadOnlyList<int> shape, int tensor, bool isRectified)
    {
        (_layer, _tensor, _isRectified) = (layer, tensor, isRectified);
        _window = new ImageWindow(shape[0], shape[1], shape[2], layer.Kernel, layer.Stride, layer.Padding);
        _key = $"conv {_window} {layer.Groups}";
    }

    public override int Tensors => 2;

    public override IReadOnlyList<(int Tensor, int Groups, int Rows, int Columns)> Turned =>
        [(_tensor, _layer.Groups, Out, Taps)];

    private int Places => _window.Positions;

    private int Taps => _window.Taps / _layer.Groups;

    private int Out => _layer.OutputChannels / _layer.Groups;

    public override Signal Forward(LayerBlock pass, Signal x)
    {
        _x = x;
        int groups = _layer.Groups;
        Step patches = Patches(pass, x, "patches", [groups, Places, Taps], "forward", (g, p, k) => Tap(g, p, k));
        Step y = pass.Draft.Dot(
            pass.At,
            "convolution",
            2,
            [pass.Records, groups, Out, Places],
            Taps,
            patches.At((long)groups * Places * Taps, (long)Places * Taps, 0, Taps),
            pass.Weights[_tensor] with { Strides = [0, (long)Out * Taps, Taps, 0] },
            pass.Weights[_tensor + 1] with { Strides = [0, Out, 1, 0] },
            t: x.Fraction,
            s: x.Fraction + WeightFraction - ValueFraction,
            low: _isRectified ? 0 : null);
        return new Signal(
            y.At((long)groups * Out * Places, 1),
            [_layer.OutputChannels, _window.OutputHeight, _window.OutputWidth],
            ValueFraction);
    }

    public override Signal? Backward(LayerBlock pass, Signal delta, bool isNeeded)
    {
        Draft draft = pass.Draft;
        int groups = _layer.Groups;
        Signal x = _x!;
        Step patches = Patches(pass, x, "patches, transposed", [groups, Taps, Places], "transposed", (g, k, p) => Tap(g, p, k));
        Step gradient = draft.Dot(
            pass.At,
            "convolution, weight gradients",
            2,
            [pass.Records, groups, Out, Taps],
            Places,
            delta.By(delta.RecordStride, (long)Out * Places, Places, 0),
            patches.At((long)groups * Taps * Places, (long)Taps * Places, 0, Places),
            s: DeltaFraction + x.Fraction - PlainGradient.Fraction);
        pass.Gradients.Add(new PlainGradient(_tensor, gradient, groups * Out * Taps));
        Step bias = draft.Sum(
            pass.At,
            "convolution, bias gradients",
            2,
            [pass.Records, _layer.OutputChannels],
            Places,
            delta.By(delta.RecordStride, Places),
            s: DeltaFraction - PlainGradient.Fraction);
        pass.Gradients.Add(new PlainGradient(_tensor + 1, bias, _layer.OutputChannels));
        return isNeeded ? Input(pass, delta) : null;
    }

    private Signal Input(LayerBlock pass, Signal delta)
    {
        Draft draft = pass.Draft;
        int groups = _layer.Groups;
        Step turned = draft.Copy(
            pass.At,
            "convolution, gradients by place",
            2,
            [pass.Records, groups, Places, Out],
            delta.By(delta.RecordStride, (long)Out * Places, 1, Places));
        Step taps = draft.Dot(
            pass.At,
            "convolution, gradients by tap",
            2,
            [pass.Records, groups, Places, Taps],
            Out,
            turned.At((long)groups * Places * Out, (long)Places * Out, Out, 0),
            pass.Transposed[_tensor]! with { Strides = [0, (long)Taps * Out, 0, Out] },
            s: WeightFraction);
        Step dx = Windows.AddUp(
            pass, "convolution, back", taps, groups * Places * Taps, _x!.Size, _key, Index);
        return new Signal(dx.Rows(2), _x.Shape, DeltaFraction);
    }

    private Step Patches(
        LayerBlock pass,
        Signal x,
        string name,
        int[] shape,
        string order,
        Func<int, int, int, int> tap)
    {
        Operand table = pass.Draft.Constants.Table($"{_key} {order}", sizeof(int), () => All(shape, tap));
        return pass.Draft.Gather(
            pass.At,
            "convolution, " + name,
            2,
            [pass.Records, shape[0], shape[1], shape[2]],
            table with { Strides = [0, (long)shape[1] * shape[2], shape[2], 1] },
            x.By(x.RecordStride),
            x.Size);
    }

    private static IEnumerable<long> All(int[] shape, Func<int, int, int, int> tap)
    {
        for (int i = 0; i < shape[0]; i++)
        {
            for (int j = 0; j < shape[1]; j++)
            {
                for (int k = 0; k < shape[2]; k++)
                {
                    yield return tap(i, j, k);
                }
            }
        }
    }

    // Which element of the image a tap sees at a place; −1 beside the image.
    private int Tap(int group, int place, int tap)
    {
        int side = _window.Kernel;
        int channel = (group * (_window.Channels / _layer.Groups)) + (tap / (side * side));
        int y = (place / _window.OutputWidth * _window.Stride) + (tap / side % side) - _window.Padding;
        int x = (place % _window.OutputWidth * _window.Stride) + (tap % side) - _window.Padding;
        return y < 0 || y >= _window.Height || x < 0 || x >= _window.Width
            ? -1
            : (((channel * _window.Height) + y) * _window.Width) + x;
    }

    // Which element each (group, place, tap) belongs to, in that order.
    private IEnumerable<int> Index() => All([_layer.Groups, Places, Taps], Tap).Select(one => (int)one);
}
