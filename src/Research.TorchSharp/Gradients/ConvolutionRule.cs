using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Gradients;

/// <summary>Gradients of <c>Conv1d</c> and <c>Conv2d</c>: the windows of x, times dy, group by group.</summary>
/// <remarks>Source: Rochette, Manoel and Tramel 2019, arXiv:1912.06015v1, in the form of unfolded windows.</remarks>
internal sealed class ConvolutionRule(TrainedLayer layer, TapRecorder recorder, Convolution convolution)
    : LayerRule(layer, recorder, Hook(convolution))
{
    private readonly ParameterSlot? _weight = ParameterIdentity.Find(layer.Slots, convolution.weight);

    private readonly ParameterSlot? _bias = ParameterIdentity.Find(layer.Slots, convolution.bias);

    public override GradientRule Kind => GradientRule.Convolution;

    /// <summary>Gets whether the rule knows a convolution: zeros around it, as many as numbers say.</summary>
    public static bool Knows(Convolution convolution) =>
        convolution is Conv1d { } or Conv2d { }
        && convolution.padding_type is null
        && convolution.padding_mode == global::TorchSharp.PaddingModes.Zeros;

    public override IReadOnlyList<GradientPiece> Form(IReadOnlyList<TapCall> calls, int batch)
    {
        List<GradientPiece> pieces = [];
        if (_weight is not null)
        {
            pieces.Add(new FormedGradient(_weight, Sum(calls.Select(call => Weights(call, batch)))));
        }

        if (_bias is not null)
        {
            pieces.Add(new FormedGradient(
                _bias,
                Sum(calls.Select(call => call.Gradients[0]!.reshape(batch, convolution.out_channels, -1).sum(2)))));
        }

        return pieces;
    }

    // [B·G, O/G, positions] times [B·G, positions, taps].
    private Tensor Weights(TapCall call, int batch)
    {
        Tensor x = call.Inputs[0];
        bool isFlat = convolution is Conv1d { };
        (long, long) kernel = Pair(convolution.kernel_size, isFlat, 1);
        Tensor windows = functional.unfold(
            isFlat ? x.unsqueeze(2) : x,
            kernel,
            Pair(convolution.dilation, isFlat, 1),
            Pair(convolution.padding, isFlat, 0),
            Pair(convolution.stride, isFlat, 1)); // [B, C·taps, positions]
        long groups = convolution.groups;
        Tensor dy = call.Gradients[0]!.reshape(batch * groups, convolution.out_channels / groups, -1);
        return dy.bmm(windows.reshape(batch * groups, -1, windows.shape[2]).transpose(1, 2)).reshape(batch, -1);
    }

    private static (long Height, long Width) Pair(long[]? sizes, bool isFlat, long none) => (sizes, isFlat) switch
    {
        (null or [], _) => (none, none),
        ([long width, ..], true) => (none, width),
        ([long side], false) => (side, side),
        ([long height, long width, ..], false) => (height, width),
    };
}
