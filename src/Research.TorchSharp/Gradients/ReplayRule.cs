using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Gradients;

/// <summary>Gradients of any other layer: it is run again with one example at a time, and what came back goes
/// in.</summary>
internal sealed class ReplayRule : LayerRule
{
    private readonly Func<Tensor[], Tensor[]> _run;
    private readonly int[] _otherInputs;  // Along which dimension examples lie in each input, in the other layout.
    private readonly int[] _otherOutputs;
    private int[] _inputs;
    private int[] _outputs;
    private bool _isTried;

    private ReplayRule(
        TrainedLayer layer,
        TapRecorder recorder,
        Func<LayerRule, TapRecorder, Action> hook,
        Func<Tensor[], Tensor[]> run,
        (int[] Inputs, int[] Outputs) layout,
        (int[] Inputs, int[] Outputs) other)
        : base(layer, recorder, hook)
    {
        _run = run;
        (_inputs, _outputs) = layout;
        (_otherInputs, _otherOutputs) = other;
    }

    public override GradientRule Kind => GradientRule.Replay;

    /// <summary>Makes the rule of a layer; null where its hooks cannot be reached.</summary>
    public static ReplayRule? Of(TrainedLayer layer, TapRecorder recorder) => layer.Module switch
    {
        Module<Tensor, Tensor> one => new ReplayRule(
            layer, recorder, Hook(one), inputs => [one.forward(inputs[0])], ([0], [0]), ([1], [1])),
        Module<Tensor, Tensor, Tensor> two => new ReplayRule(
            layer, recorder, HookTwo(two), inputs => [two.forward(inputs[0], inputs[1])], ([0, 0], [0]), ([1, 1], [1])),
        LSTM lstm => new ReplayRule(
            layer,
            recorder,
            HookLstm(lstm),
            inputs =>
            {
                (Tensor all, Tensor hidden, Tensor cell) =
                    lstm.forward(inputs[0], inputs.Length > 1 ? (inputs[1], inputs[2]) : null);
                return [all, hidden, cell];
            },
            ([0, 1, 1], [0, 1, 1]),
            ([1, 1, 1], [1, 1, 1])),
        GRU { } or RNN { } => Recurrent(
            layer, recorder, (Module<Tensor, Tensor?, (Tensor, Tensor)>)layer.Module),
        _ => null,
    };

    public override bool TryOtherLayout()
    {
        (_inputs, _outputs) = (_otherInputs, _otherOutputs);
        (bool wasTried, _isTried) = (_isTried, true);
        return !wasTried;
    }

    public override IReadOnlyList<GradientPiece> Form(IReadOnlyList<TapCall> calls, int batch)
    {
        List<Tensor> parameters = [.. Layer.Slots.Select(slot => (Tensor)slot.Parameter)];
        Tensor[] formed =
        [
            .. Layer.Slots.Select(slot =>
                zeros([batch, slot.Length], dtype: slot.Parameter.dtype, device: slot.Parameter.device)),
        ];
        for (int example = 0; example < batch; example++)
        {
            using DisposeScope scope = NewDisposeScope();
            foreach (TapCall call in calls)
            {
                IList<Tensor> gradients = Differentiate(call, example, batch, parameters);
                for (int k = 0; k < parameters.Count; k++)
                {
                    if (gradients[k] is { IsInvalid: false } gradient)
                    {
                        formed[k].select(0, example).add_(gradient.reshape(-1));
                    }
                }
            }
        }

        return [.. Layer.Slots.Select((slot, k) => new FormedGradient(slot, formed[k]))];
    }

    private IList<Tensor> Differentiate(TapCall call, int example, int batch, List<Tensor> parameters)
    {
        using (enable_grad())
        {
            Tensor[] outputs = _run(
                [.. call.Inputs.Select((input, k) => Own(input, _inputs[k], example, batch))]);
            List<Tensor> seen = [];
            List<Tensor> back = [];
            for (int k = 0; k < outputs.Length; k++)
            {
                if (call.Gradients[k] is { } gradient)
                {
                    Tensor own = Own(gradient, _outputs[k], example, batch);
                    if (!own.shape.SequenceEqual(outputs[k].shape))
                    {
                        throw new ArgumentException("Its examples lie elsewhere."); // libtorch would end the process.
                    }

                    seen.Add(outputs[k]);
                    back.Add(own);
                }
            }

            return autograd.grad(seen, parameters, back, allow_unused: true);
        }
    }

    // An example's rows: B rows hold one of each, B·T rows T of each.
    private static Tensor Own(Tensor tensor, int dimension, int example, int batch)
    {
        if (tensor.shape[dimension] % batch != 0)
        {
            throw new ArgumentException("Its examples lie elsewhere.");
        }

        long rows = tensor.shape[dimension] / batch;
        return tensor.narrow(dimension, example * rows, rows).contiguous();
    }

    private static ReplayRule Recurrent(
        TrainedLayer layer, TapRecorder recorder, Module<Tensor, Tensor?, (Tensor, Tensor)> module) => new(
            layer,
            recorder,
            (rule, taps) => module.register_forward_hook((_, x, h, y) =>
            {
                if (!taps.IsOn)
                {
                    return y;
                }

                Tensor[] tapped = taps.Tap(rule, h is null ? [x] : [x, h], [y.Item1, y.Item2]);
                return (tapped[0], tapped[1]);
            }).remove,
            inputs =>
            {
                (Tensor all, Tensor hidden) = module.forward(inputs[0], inputs.Length > 1 ? inputs[1] : null);
                return [all, hidden];
            },
            ([0, 1], [0, 1]),
            ([1, 1], [1, 1]));

    private static Func<LayerRule, TapRecorder, Action> HookTwo(Module<Tensor, Tensor, Tensor> module) =>
        (rule, taps) => module.register_forward_hook(
            (_, a, b, y) => taps.IsOn ? taps.Tap(rule, [a, b], y) : y).remove;

    private static Func<LayerRule, TapRecorder, Action> HookLstm(LSTM lstm) =>
        (rule, taps) => lstm.register_forward_hook((_, x, state, y) =>
        {
            if (!taps.IsOn)
            {
                return y;
            }

            Tensor[] inputs = state is { } given ? [x, given.Item1, given.Item2] : [x];
            Tensor[] tapped = taps.Tap(rule, inputs, [y.Item1, y.Item2, y.Item3]);
            return (tapped[0], tapped[1], tapped[2]);
        }).remove;
}
