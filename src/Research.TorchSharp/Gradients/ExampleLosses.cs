using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Research.TorchSharp.Gradients;

/// <summary>The user's losses, checked: one number an example.</summary>
internal sealed class ExampleLosses(Func<Tensor, Tensor, Tensor> losses)
{
    /// <summary>Computes the losses.</summary>
    /// <param name="inputs">[B, ...].</param>
    /// <param name="targets">[B, ...].</param>
    /// <returns>[B].</returns>
    /// <exception cref="ArgumentException">libtorch refuses the shapes or the labels, or there is not one loss an
    /// example.</exception>
    public Tensor Of(Tensor inputs, Tensor targets)
    {
        Tensor each;
        try
        {
            each = losses(inputs, targets);
        }
        catch (Exception e) when (e is ExternalException or IndexOutOfRangeException)
        {
            throw new ArgumentException(
                $"The losses of inputs {Text(inputs)} and targets {Text(targets)} cannot be computed: "
                + $"{e.Message.Split('\n')[0].Trim()} "
                + "(a shape that the module does not take, or a label out of range?)",
                e);
        }

        if (each.dim() == 1 && each.shape[0] == inputs.shape[0])
        {
            return each;
        }

        throw new ArgumentException(
            $"Expected one loss an example, [{inputs.shape[0]}]; got [{string.Join(", ", each.shape)}]"
            + $"{(each.numel() == 1 ? ": leave the loss unreduced (reduction: Reduction.None)" : string.Empty)}.");
    }

    private static string Text(Tensor tensor) => $"{tensor.dtype}[{string.Join(", ", tensor.shape)}]";
}
