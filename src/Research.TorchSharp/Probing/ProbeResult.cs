namespace Research.TorchSharp.Probing;

/// <summary>What probing found.</summary>
/// <param name="LoopReason">Why examples are computed one at a time; null where they are not.</param>
/// <param name="Layers">How each layer's gradient is had.</param>
/// <param name="MicroBatch">How many rows are computed at once.</param>
internal sealed record ProbeResult(
    string? LoopReason, IReadOnlyList<LayerGradient> Layers, int MicroBatch);
