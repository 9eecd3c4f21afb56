using TorchSharp;
using static TorchSharp.torch;

namespace Research.TorchSharp.Gradients;

/// <summary>The gradient of one example after another: no other record takes part.</summary>
internal sealed class LoopGradients(TrainedParameters parameters, ExampleLosses losses) : IExampleGradients
{
    public ExampleGradients Compute(Tensor inputs, Tensor targets, long[] seeds)
    {
        int batch = (int)inputs.shape[0];
        List<Tensor> all = [.. parameters.Slots.Select(slot => (Tensor)slot.Parameter)];
        Tensor[] formed =
        [
            .. parameters.Slots.Select(slot =>
                zeros([batch, slot.Length], dtype: slot.Parameter.dtype, device: slot.Parameter.device)),
        ];
        double[] values = new double[batch];
        for (int example = 0; example < batch; example++)
        {
            using DisposeScope scope = NewDisposeScope();
            manual_seed(seeds[example]);
            // Copies: products may round otherwise where a row begins elsewhere in a line of memory.
            Tensor loss =
                losses.Of(inputs.narrow(0, example, 1).clone(), targets.narrow(0, example, 1).clone());
            values[example] = loss.detach().to(float64).item<double>();
            IList<Tensor> gradients = autograd.grad([loss.sum()], all, allow_unused: true);
            using (no_grad())
            {
                for (int k = 0; k < all.Count; k++)
                {
                    if (gradients[k] is { IsInvalid: false } gradient)
                    {
                        formed[k].select(0, example).copy_(gradient.reshape(-1));
                    }
                }
            }
        }

        return new ExampleGradients(
            values, [.. parameters.Slots.Select((slot, k) => new FormedGradient(slot, formed[k]))]);
    }
}
