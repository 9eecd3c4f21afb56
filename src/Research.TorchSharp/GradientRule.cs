namespace Research.TorchSharp;

/// <summary>How one layer's gradient of one example is had.</summary>
public enum GradientRule
{
    /// <summary>The outer product of what arrives and of what comes back; a sum of them over positions.</summary>
    Linear,

    /// <summary>Windows of what arrives, times what comes back.</summary>
    Convolution,

    /// <summary>What comes back, at the rows that were looked up.</summary>
    Embedding,

    /// <summary>Normalised inputs times what comes back.</summary>
    Normalization,

    /// <summary>The layer alone is run again for each example.</summary>
    Replay,

    /// <summary>The whole module is run for each example: this layer cannot be seen from outside.</summary>
    Loop,

    /// <summary>Not at all: training with this layer is refused.</summary>
    Refused,
}
