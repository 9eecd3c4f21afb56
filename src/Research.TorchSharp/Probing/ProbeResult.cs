namespace Research.TorchSharp.Probing;

/// <summary>What probing found.</summary>
/// <param name="LoopReason">Why examples are computed one at a time; null where they are not.</param>
/// <param name="IsRandom">Whether the module draws random numbers in training, as dropout does.</param>
/// <param name="Layers">How each layer's gradient is had.</param>
/// <param name="FormedNumbers">Numbers of an example's gradient that are formed, not kept as factors.</param>
internal sealed record ProbeResult(
    string? LoopReason, bool IsRandom, IReadOnlyList<LayerGradient> Layers, long FormedNumbers);
