using static TorchSharp.torch;

namespace Research.TorchSharp.Gradients;

/// <summary>The gradients of all examples from one forward and one backward pass, layer by layer.</summary>
/// <remarks>
/// Book-keeping: what comes back to each layer is weighed and summed here (Bu et al. 2022, arXiv:2210.00038v1). A
/// second backward pass by weighed losses would be wrong wherever a hook was not seen: then what is clipped is not
/// what is added.
/// </remarks>
internal sealed class BatchGradients(LayerMap map, ExampleLosses losses) : IExampleGradients
{
    public ExampleGradients Compute(Tensor inputs, Tensor targets, long[] seeds)
    {
        Tensor each = Losses(inputs, targets, seeds);
        if (map.Dropout.Problem is { } problem)
        {
            throw new ModuleRefusedException($"{problem}, now and not when it was probed: use GradientMethod.Loop.");
        }

        Differentiate(each.sum(), retain: false);
        IReadOnlyList<GradientPiece> pieces = Form((int)inputs.shape[0]);
        double[] values = [.. each.detach().to(float64).cpu().contiguous().data<double>()];
        map.Recorder.Clear();
        return new ExampleGradients(values, pieces);
    }

    /// <summary>Computes the losses, and records what reaches the layers.</summary>
    /// <param name="inputs">[B, ...].</param>
    /// <param name="targets">[B, ...].</param>
    /// <param name="seeds">One a record, [B]: what its dropout follows from.</param>
    public Tensor Losses(Tensor inputs, Tensor targets, long[] seeds)
    {
        map.Recorder.Begin();
        using IDisposable dropout = map.Dropout.Begin(seeds);
        try
        {
            return losses.Of(inputs, targets);
        }
        finally
        {
            map.Recorder.End();
        }
    }

    /// <summary>Gets what comes back to each tap that was recorded.</summary>
    public void Differentiate(Tensor loss, bool retain)
    {
        TapCall[] calls = [.. map.Recorder.Calls];
        Tensor[] taps = [.. calls.SelectMany(call => call.Taps)];
        IList<Tensor> gradients = taps.Length == 0
            ? []
            : autograd.grad([loss], taps, allow_unused: true, retain_graph: retain);
        int at = 0;
        foreach (TapCall call in calls)
        {
            call.Gradients = [.. call.Taps.Select(_ => gradients[at++] is { IsInvalid: false } seen ? seen : null)];
        }
    }

    /// <summary>Forms the gradients of every layer that the losses saw.</summary>
    public IReadOnlyList<GradientPiece> Form(int batch)
    {
        List<GradientPiece> pieces = [];
        using (no_grad())
        {
            foreach (IGrouping<LayerRule, TapCall> calls in map.Recorder.Calls
                .Where(call => call.Gradients.Any(gradient => gradient is not null))
                .GroupBy(call => call.Rule))
            {
                pieces.AddRange(calls.Key.Form([.. calls], batch));
            }
        }

        return pieces;
    }
}
