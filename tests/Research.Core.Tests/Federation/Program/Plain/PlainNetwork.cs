using Research.Training.Layers;

namespace Research.Tests.Federation.Program.Plain;

/// <summary>The layers of a model, forward and back: the part "Layers" of the text.</summary>
/// <param name="draft">The program.</param>
/// <param name="block">B.</param>
/// <param name="weights">h, of each tensor.</param>
/// <param name="turned">hT, of those that have one.</param>
internal sealed class PlainNetwork(
    PlainDraft draft, int block, IReadOnlyList<PlainArray> weights, IReadOnlyList<PlainArray?> turned)
{
    private readonly Stack<Func<PlainArray, PlainArray?>> _back = new();
    private int _tensor;

    public List<PlainGradient> Gradients { get; } = [];

    /// <summary>Lists the lengths of a model's tensors, and of each weight of a linear layer or convolution its
    /// groups, rows and columns.</summary>
    public static List<(int Length, (int G, int Rows, int Columns)? Turn)> Tensors(
        IReadOnlyList<Layer> layers, IReadOnlyList<int> shape)
    {
        List<(int Length, (int G, int Rows, int Columns)? Turn)> tensors = [];
        foreach (Layer layer in layers)
        {
            switch (layer)
            {
                case Linear linear:
                    tensors.Add((linear.Inputs * linear.Outputs, (1, linear.Outputs, linear.Inputs)));
                    tensors.Add((linear.Outputs, null));
                    break;
                case Conv2d conv:
                    int taps = conv.InputChannels / conv.Groups * conv.Kernel * conv.Kernel;
                    tensors.Add((conv.OutputChannels * taps, (conv.Groups, conv.OutputChannels / conv.Groups, taps)));
                    tensors.Add((conv.OutputChannels, null));
                    break;
                case GroupNorm norm:
                    tensors.Add((norm.Channels, null));
                    tensors.Add((norm.Channels, null));
                    break;
                case LayerNorm norm:
                    tensors.Add((norm.Size, null));
                    tensors.Add((norm.Size, null));
                    break;
                case Residual residual:
                    tensors.AddRange(Tensors(residual.Layers, shape));
                    break;
            }
        }

        return tensors;
    }

    public PlainSignal Forward(IReadOnlyList<Layer> layers, PlainSignal x, bool isModel = true)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            bool isLast = i + 1 == layers.Count;
            x = Forward(layers[i], x, !isLast && layers[i + 1] is ReLU, isLast && isModel);
        }

        return x;
    }

    /// <summary>Goes back through all layers, until no layer before has weights.</summary>
    public void Back(PlainArray delta)
    {
        PlainArray? left = delta;
        while (left is not null && _back.TryPop(out Func<PlainArray, PlainArray?>? back))
        {
            left = back(left);
        }
    }

    private static int Size(IReadOnlyList<int> shape) => shape.Aggregate(1, (product, size) => product * size);

    private static PlainSignal Made(PlainArray array, int places, IReadOnlyList<int> shape, bool least0 = false) =>
        new(array.At(), Size(shape), Size(shape), places, least0, false, shape);

    private PlainSignal Forward(Layer layer, PlainSignal x, bool beforeRelu, bool isLast) => layer switch
    {
        Linear linear => Linear(linear, x, beforeRelu, isLast ? 8 : 10),
        Conv2d conv => Convolution(conv, x, beforeRelu),
        MaxPool2d pool => Largest(x, PlainWindows.Of(x.Shape, pool.Kernel, pool.Stride)),
        GlobalMaxPool2d => Largest(x, PlainWindows.All(x.Shape)),
        AvgPool2d pool => Average(x, PlainWindows.Of(x.Shape, pool.Kernel, pool.Stride)),
        GlobalAvgPool2d => Average(x, PlainWindows.All(x.Shape)),
        ReLU => Rectify(x),
        Tanh => Function(x, Math.Tanh, PlainFunctions.TanhSlope, 14),
        Sigmoid => Function(x, PlainFunctions.Sigmoid, PlainFunctions.SigmoidSlope, 14),
        Silu => Function(x, PlainFunctions.Silu, PlainFunctions.SiluSlope, 10),
        Flatten => Flattened(x),
        GroupNorm norm => Normalise(x, norm.Groups, norm.Channels),
        LayerNorm norm => Normalise(x, 1, norm.Size),
        Residual residual => Residual(residual, x),
        _ => throw new NotSupportedException(layer.Type),
    };

    private PlainSignal Flattened(PlainSignal x)
    {
        _back.Push(delta => delta);
        return x with { Shape = [x.Size] };
    }

    private PlainSignal Linear(Linear layer, PlainSignal x, bool beforeRelu, int places)
    {
        int m = _tensor;
        _tensor += 2;
        (int v, int u) = (layer.Inputs, layer.Outputs);
        PlainArray y = draft.LongDot(
            2,
            [block, u],
            x.Row0(),
            weights[m].At().Along(1, v),
            weights[m + 1].At().Along(1, 1),
            v,
            t: x.Places,
            s: x.Places + 12 - places,
            low: beforeRelu ? 0 : null);
        _back.Push(delta =>
        {
            Gradients.Add(new PlainGradient(m, delta, u, x));
            return m == 0
                ? null
                : draft.LongDot(2, [block, v], delta.At().Along(0, u), turned[m]!.At().Along(1, u), null, u, s: 12);
        });
        return Made(y, places, [u], beforeRelu);
    }

    private PlainSignal Convolution(Conv2d layer, PlainSignal x, bool beforeRelu)
    {
        int m = _tensor;
        _tensor += 2;
        int g = layer.Groups;
        int o = layer.OutputChannels / g;
        (int height, int width) = PlainWindows.Places(x.Shape, layer.Kernel, layer.Stride, layer.Padding);
        int l = height * width;
        int a = layer.InputChannels / g * layer.Kernel * layer.Kernel;
        long[] seen = PlainWindows.Seen(x.Shape, layer); // [G, L, A]
        PlainArray pattern = draft.Add(
            PlainKind.Gather,
            2,
            [block, g, l, a],
            PlainOperand.Table(seen, 4).Along(1, l * a).Along(2, a).Along(3, 1),
            x.Row0(),
            length: x.Size);
        PlainArray y = draft.LongDot(
            2,
            [block, g, o, l],
            pattern.At().Along(0, g * l * a).Along(1, l * a).Along(3, a),
            weights[m].At().Along(1, o * a).Along(2, a),
            weights[m + 1].At().Along(1, o).Along(2, 1),
            a,
            t: x.Places,
            s: x.Places + 2,
            low: beforeRelu ? 0 : null);
        _back.Push(delta => ConvolutionBack(layer, x, m, delta, (g, o, l, a), seen));
        return Made(y, 10, [layer.OutputChannels, height, width], beforeRelu);
    }

    private PlainArray? ConvolutionBack(
        Conv2d layer, PlainSignal x, int m, PlainArray delta, (int G, int O, int L, int A) size, long[] seen)
    {
        (int g, int o, int l, int a) = size;
        int outputs = layer.OutputChannels;
        long[] transposed = new long[seen.Length]; // [G, A, L]
        for (int i = 0; i < g; i++)
        {
            for (int place = 0; place < l; place++)
            {
                for (int tap = 0; tap < a; tap++)
                {
                    transposed[(((i * a) + tap) * l) + place] = seen[(((i * l) + place) * a) + tap];
                }
            }
        }

        PlainArray turnedPattern = draft.Add(
            PlainKind.Gather,
            2,
            [block, g, a, l],
            PlainOperand.Table(transposed, 4).Along(1, a * l).Along(2, l).Along(3, 1),
            x.Row0(),
            length: x.Size);
        PlainArray weight = draft.LongDot(
            2,
            [block, g, o, a],
            delta.At().Along(0, outputs * l).Along(1, o * l).Along(2, l),
            turnedPattern.At().Along(0, g * a * l).Along(1, a * l).Along(3, l),
            null,
            l,
            s: 2 + x.Places);
        Gradients.Add(new PlainGradient(m, weight, outputs * a, null));
        PlainArray bias = draft.LongSum(
            2, [block, outputs], delta.At().Along(0, outputs * l).Along(1, l), length: l, s: 2);
        Gradients.Add(new PlainGradient(m + 1, bias, outputs, null));
        if (m == 0)
        {
            return null;
        }

        PlainArray turnedDelta = draft.LongSum(
            2, [block, g, l, o], delta.At().Along(0, outputs * l).Along(1, o * l).Along(2, 1).Along(3, l));
        PlainArray tap2 = draft.LongDot(
            2,
            [block, g, l, a],
            turnedDelta.At().Along(0, g * l * o).Along(1, l * o).Along(2, o),
            turned[m]!.At().Along(1, a * o).Along(3, o),
            null,
            o,
            s: 12);
        return AddUp(tap2, g * l * a, x.Size, seen);
    }

    /// <summary>Adds up places into elements.</summary>
    /// <param name="q">[B, places].</param>
    /// <param name="places">How many.</param>
    /// <param name="size">Elements of a record.</param>
    /// <param name="element">The element of each place, -1 for none; where there are more of these than places, place i
    /// has those from i·(their number / places) on.</param>
    private PlainArray AddUp(PlainArray q, int places, int size, long[] element)
    {
        List<long>[] places2 = [.. Enumerable.Range(0, size).Select(_ => new List<long>())];
        int each = element.Length / places;
        for (int i = 0; i < element.Length; i++)
        {
            if (element[i] >= 0)
            {
                places2[element[i]].Add(i / each);
            }
        }

        int j = Math.Max(1, places2.Max(one => one.Count));
        long[] back = [.. places2.SelectMany(one => one.Concat(Enumerable.Repeat(-1L, j - one.Count)))];
        PlainArray gathered = draft.Add(
            PlainKind.Gather,
            2,
            [block, size, j],
            PlainOperand.Table(back, 4).Along(1, j).Along(2, 1),
            q.At().Along(0, places),
            length: places);
        return j == 1
            ? gathered
            : draft.LongSum(2, [block, size], gathered.At().Along(0, size * j).Along(1, j), length: j);
    }

    private PlainArray Window(PlainSignal x, int w, int j, long[] windows) => draft.Add(
        PlainKind.Gather,
        2,
        [block, w, j],
        PlainOperand.Table(windows, 4).Along(1, j).Along(2, 1),
        x.Row0(),
        length: x.Size);

    private PlainSignal Largest(PlainSignal x, (long[] Elements, int Taps, IReadOnlyList<int> Shape) windows)
    {
        int j = windows.Taps;
        int w = windows.Elements.Length / j;
        bool isNeeded = _tensor > 0;
        PlainArray window = Window(x, w, j, windows.Elements);
        PlainArray at = draft.Add(
            PlainKind.Largest, 2, [block, w], window.At().Along(0, w * j).Along(1, j), length: j);
        PlainArray y = draft.Add(
            PlainKind.Gather,
            2,
            [block, w],
            at.At().Along(0, w).Along(1, 1),
            window.At().Along(0, w * j).Along(1, j),
            length: j);
        _back.Push(delta =>
        {
            if (!isNeeded)
            {
                return null;
            }

            PlainArray q = draft.Add(
                PlainKind.Match,
                2,
                [block, w, j],
                at.At().Along(0, w).Along(1, 1),
                PlainOperand.Table([.. Enumerable.Range(0, j).Select(tap => (long)tap)], 2).Along(2, 1),
                delta.At().Along(0, w).Along(1, 1));
            return AddUp(q, w * j, x.Size, windows.Elements);
        });
        return Made(y, x.Places, windows.Shape);
    }

    private PlainSignal Average(PlainSignal x, (long[] Elements, int Taps, IReadOnlyList<int> Shape) windows)
    {
        int j = windows.Taps;
        int w = windows.Elements.Length / j;
        bool isNeeded = _tensor > 0;
        PlainArray window = Window(x, w, j, windows.Elements);
        PlainArray sum = draft.LongSum(8, [block, w], window.At().Along(0, w * j).Along(1, j), length: j);
        PlainArray y = Share(sum);
        _back.Push(delta => isNeeded ? AddUp(Share(delta), w, x.Size, windows.Elements) : null);
        return Made(y, x.Places, windows.Shape);

        PlainArray Share(PlainArray of) => draft.Add(
            PlainKind.Ratio,
            2,
            [block, w],
            of.At().Along(0, w).Along(1, 1),
            PlainOperand.Number(j),
            PlainOperand.Number(1));
    }

    private PlainSignal Rectify(PlainSignal x)
    {
        bool isNeeded = _tensor > 0;
        PlainSignal y = x.Least0
            ? x
            : Made(
                draft.LongSum(2, [block, x.Size], x.Row0().Along(1, 1), low: 0), x.Places, x.Shape, least0: true);
        _back.Push(delta => isNeeded
            ? draft.Add(
                PlainKind.Select,
                2,
                [block, x.Size],
                y.Row0().Along(1, 1),
                delta.At().Along(0, x.Size).Along(1, 1),
                PlainOperand.Number(0))
            : null);
        return y;
    }

    private PlainSignal Function(PlainSignal x, Func<double, double> function, Func<double, double> slope, int places)
    {
        bool isNeeded = _tensor > 0;
        PlainArray y = Look(function, places);
        _back.Push(delta =>
        {
            if (!isNeeded)
            {
                return null;
            }

            PlainArray slopes = Look(slope, 14);
            return draft.Add(
                PlainKind.Mac,
                2,
                [block, x.Size],
                delta.At().Along(0, x.Size).Along(1, 1),
                slopes.At().Along(0, x.Size).Along(1, 1),
                s: 14);
        });
        return Made(y, places, x.Shape);

        PlainArray Look(Func<double, double> of, int outputPlaces) => draft.Add(
            PlainKind.Table,
            2,
            [block, x.Size],
            x.Row0().Along(1, 1),
            PlainOperand.Table(PlainFunctions.Values(of, x.Places, outputPlaces), 2),
            PlainOperand.Number(32767),
            length: 65535);
    }

    private PlainSignal Normalise(PlainSignal x, int g, int c)
    {
        int m = _tensor;
        _tensor += 2;
        int z = x.Size / g;
        int j = x.Size / c;
        PlainOperand one = PlainOperand.Number(1);
        PlainOperand negative = PlainOperand.Number(-1);
        PlainArray sum = draft.LongSum(8, [block, g], x.Row0().Along(1, z), length: z);
        PlainArray mean = draft.Add(
            PlainKind.Ratio, 4, [block, g], Set(sum), PlainOperand.Number(z), one, t: 4);
        PlainArray centred = draft.Add(
            PlainKind.Mac, 2, [block, g, z], Set(mean), negative, x.Row0().Along(1, z).Along(2, 1), t: 4, s: 4);
        PlainArray squares = draft.LongDot(8, [block, g], Whole(centred), Whole(centred), null, z);
        PlainArray variance = draft.Add(
            PlainKind.Ratio, 8, [block, g], Set(squares), PlainOperand.Number(z), one, t: 8);
        PlainArray wide = draft.LongSum(
            8, [block, g], Set(variance), PlainOperand.Number(PlainNumbers.Places(0.00001, (2 * x.Places) + 8)));
        PlainArray deviation = draft.Add(PlainKind.Root, 8, [block, g], Set(wide));
        PlainArray rate = draft.Add(
            PlainKind.Ratio, 4, [block, g], one, Set(deviation), one, length: 0, t: 28);
        PlainArray normal = draft.Add(PlainKind.Mac, 2, [block, g, z], Each(centred), Set(rate), s: 12);
        PlainArray y = draft.Add(
            PlainKind.Mac,
            2,
            [block, c, j],
            Channel(normal).Along(2, 1),
            weights[m].At().Along(1, 1),
            weights[m + 1].At().Along(1, 1),
            t: 12,
            s: 13);
        _back.Push(delta =>
        {
            PlainArray weight = draft.LongDot(2, [block, c], Channel(delta), Channel(normal), null, j, s: 14);
            Gradients.Add(new PlainGradient(m, weight, c, null));
            PlainArray bias = draft.LongSum(2, [block, c], Channel(delta), length: j, s: 2);
            Gradients.Add(new PlainGradient(m + 1, bias, c, null));
            return m == 0 ? null : NormaliseBack(delta, normal, rate);
        });
        return Made(y, 11, x.Shape);

        PlainArray NormaliseBack(PlainArray delta, PlainArray normal, PlainArray rate)
        {
            PlainArray gd = draft.Add(
                PlainKind.Mac, 2, [block, c, j], Channel(delta).Along(2, 1), weights[m].At().Along(1, 1), s: 12);
            PlainArray gs = draft.LongSum(8, [block, g], Whole(gd), length: z);
            PlainArray gm = draft.Add(PlainKind.Ratio, 4, [block, g], Set(gs), PlainOperand.Number(z), one, t: 4);
            PlainArray gn = draft.LongDot(8, [block, g], Whole(gd), Whole(normal), null, z);
            PlainArray al = draft.Add(
                PlainKind.Ratio, 4, [block, g], Set(gn), PlainOperand.Number(z * 256L), negative);
            PlainArray gc = draft.Add(PlainKind.Mac, 4, [block, g, z], Set(gm), negative, Each(gd), t: 4);
            PlainArray inner = draft.Add(
                PlainKind.Mac, 2, [block, g, z], Each(normal), Set(al), Each(gc), t: 12, s: 16);
            return draft.Add(PlainKind.Mac, 2, [block, g, z], Each(inner), Set(rate), s: 24 - x.Places);
        }

        PlainOperand Set(PlainArray array) => array.At().Along(0, g).Along(1, 1);
        PlainOperand Whole(PlainArray array) => array.At().Along(0, g * z).Along(1, z);
        PlainOperand Each(PlainArray array) => Whole(array).Along(2, 1);
        PlainOperand Channel(PlainArray array) => array.At().Along(0, c * j).Along(1, j);
    }

    private PlainSignal Residual(Residual layer, PlainSignal x)
    {
        bool isNeeded = _tensor > 0;
        int depth = _back.Count;
        PlainSignal inner = Forward(layer.Layers, x, isModel: false);
        List<Func<PlainArray, PlainArray?>> inside = [];
        while (_back.Count > depth)
        {
            inside.Add(_back.Pop());
        }

        (PlainSignal a, PlainSignal b) = inner.Places >= x.Places ? (inner, x) : (x, inner);
        int places = Math.Min(a.Places, 10);
        PlainArray y = draft.LongSum(
            2,
            [block, x.Size],
            a.Row0().Along(1, 1),
            b.Row0().Along(1, 1),
            t: a.Places - b.Places,
            s: a.Places - places);
        _back.Push(delta =>
        {
            PlainArray? left = delta;
            foreach (Func<PlainArray, PlainArray?> back in inside)
            {
                left = back(left);
                if (left is null)
                {
                    return null;
                }
            }

            return isNeeded
                ? draft.LongSum(
                    2, [block, x.Size], left.At().Along(0, x.Size).Along(1, 1), delta.At().Along(0, x.Size).Along(1, 1))
                : null;
        });
        return Made(y, places, x.Shape);
    }
}
