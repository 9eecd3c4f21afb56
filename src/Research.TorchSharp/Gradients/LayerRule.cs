using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Gradients;

/// <summary>How the gradients by the parameters of one layer follow from what it sees.</summary>
/// <remarks>B = examples of a batch. Examples lie along the first dimension, as B or as B·T rows.</remarks>
internal abstract class LayerRule
{
    private readonly Action _remove;

    /// <summary>Puts a hook on a layer.</summary>
    /// <param name="layer">Which layer of the module, and its parameters.</param>
    /// <param name="recorder">Where the hook leaves what it sees.</param>
    /// <param name="hook">Puts the hook, and gives what removes it.</param>
    protected LayerRule(TrainedLayer layer, TapRecorder recorder, Func<LayerRule, TapRecorder, Action> hook)
    {
        Layer = layer;
        _remove = hook(this, recorder);
    }

    /// <summary>Gets the layer.</summary>
    public TrainedLayer Layer { get; }

    /// <summary>Gets how gradients are had.</summary>
    public abstract GradientRule Kind { get; }

    /// <summary>Forms the gradients of all examples.</summary>
    /// <param name="calls">The layer's calls whose results the losses saw, 1 or more.</param>
    /// <param name="batch">B.</param>
    public abstract IReadOnlyList<GradientPiece> Form(IReadOnlyList<TapCall> calls, int batch);

    /// <summary>Tries another place for the examples.</summary>
    /// <returns>Whether there is one that was not tried.</returns>
    public virtual bool TryOtherLayout() => false;

    /// <summary>Takes the hook off.</summary>
    public void Remove() => _remove();

    /// <summary>Puts a hook on a layer of one tensor and one result.</summary>
    protected static Func<LayerRule, TapRecorder, Action> Hook(Module<Tensor, Tensor> module) => (rule, recorder) =>
        module.register_forward_hook(
            (_, x, y) => recorder.IsOn ? recorder.Tap(rule, [x], y) : y).remove;

    /// <summary>Joins all calls' rows of an example: [B, T, size].</summary>
    protected static Tensor Join(IEnumerable<Tensor> rows, int batch, long size)
    {
        Tensor[] parts = [.. rows.Select(row => row.reshape(batch, -1, size))];
        return parts.Length == 1 ? parts[0] : cat(parts, 1);
    }

    /// <summary>Adds up what several calls give an example.</summary>
    protected static Tensor Sum(IEnumerable<Tensor> parts) => parts.Aggregate((sum, part) => sum + part);
}
