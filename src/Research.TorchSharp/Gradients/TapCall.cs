using static TorchSharp.torch;

namespace Research.TorchSharp.Gradients;

/// <summary>One call of a layer: what arrived, and zeros added to what left, whose gradients are what comes
/// back.</summary>
/// <param name="Rule">The layer.</param>
/// <param name="Inputs">What arrived, without its history; owned.</param>
/// <param name="Taps">The zeros, one for each result; owned.</param>
internal sealed record TapCall(LayerRule Rule, Tensor[] Inputs, Tensor[] Taps) : IDisposable
{
    /// <summary>Gets or sets the gradients by the taps; null where the loss does not see a result.</summary>
    public Tensor?[] Gradients { get; set; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in (IEnumerable<Tensor>)[.. Inputs, .. Taps])
        {
            tensor.Dispose();
        }
    }
}
