using static TorchSharp.torch;

namespace Research.TorchSharp.Gradients;

/// <summary>What gives the losses and gradients of single examples: layer by layer, or by the loop.</summary>
internal interface IExampleGradients
{
    /// <summary>Computes losses and gradients of a batch.</summary>
    /// <param name="inputs">[B, ...], B at least 1.</param>
    /// <param name="targets">[B, ...].</param>
    /// <param name="seeds">[B] seeds of each record's own randomness.</param>
    ExampleGradients Compute(Tensor inputs, Tensor targets, long[] seeds);
}

/// <summary>Losses and gradients of a batch.</summary>
/// <param name="Losses">[B].</param>
/// <param name="Pieces">The gradients; parameters that the losses do not see are missing.</param>
internal sealed record ExampleGradients(double[] Losses, IReadOnlyList<GradientPiece> Pieces);
