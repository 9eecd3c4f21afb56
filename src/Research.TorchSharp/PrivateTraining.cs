using Research.TorchSharp.Gradients;
using Research.TorchSharp.Probing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp;

/// <summary>What a private training was given, and what probing found of it.</summary>
/// <param name="Module">The module.</param>
/// <param name="Optimizer">The optimiser.</param>
/// <param name="Examples">The records.</param>
/// <param name="Losses">One loss an example.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Options">The rest.</param>
/// <param name="Map">The layers and their hooks.</param>
/// <param name="Probed">How gradients are had.</param>
internal sealed record PrivateTraining(
    Module Module,
    optim.Optimizer Optimizer,
    TorchExamples Examples,
    ExampleLosses Losses,
    PrivatePlan Plan,
    TorchOptions Options,
    LayerMap Map,
    ProbeResult Probed)
{
    /// <summary>Gets the parameters that learn.</summary>
    public TrainedParameters Parameters => Map.Parameters;

    /// <summary>Makes what computes gradients.</summary>
    public IExampleGradients Gradients() => Probed.LoopReason is null
        ? new BatchGradients(Map, Losses)
        : new LoopGradients(Parameters, Losses);
}
