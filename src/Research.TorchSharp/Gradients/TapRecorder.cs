using Research.TorchSharp.Native;
using static TorchSharp.torch;

namespace Research.TorchSharp.Gradients;

/// <summary>Where layers' hooks leave what they see in one pass.</summary>
/// <remarks>
/// TorchSharp has no hooks for the backward pass. A zero that asks for a gradient, added to what a layer gives, gets
/// exactly what comes back to that layer, also where what follows works in place.
/// </remarks>
internal sealed class TapRecorder : IDisposable
{
    private readonly List<TapCall> _calls = [];

    /// <summary>Gets whether hooks record.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Gets the calls seen since recording began, in order.</summary>
    public IReadOnlyList<TapCall> Calls => _calls;

    /// <summary>Begins to record, from nothing.</summary>
    public void Begin()
    {
        Clear();
        IsOn = true;
    }

    /// <summary>Ends recording; what was seen stays.</summary>
    public void End() => IsOn = false;

    /// <summary>Records a call with one result, and returns the result with its tap.</summary>
    public Tensor Tap(LayerRule rule, Tensor[] inputs, Tensor output)
    {
        Tensor tap = NewTap(output);
        _calls.Add(new TapCall(rule, [.. inputs.Select(Keep)], [tap]));
        return Held.Plus(output, tap);
    }

    /// <summary>Records a call with several results.</summary>
    public Tensor[] Tap(LayerRule rule, Tensor[] inputs, Tensor[] outputs)
    {
        Tensor[] taps = [.. outputs.Select(NewTap)];
        _calls.Add(new TapCall(rule, [.. inputs.Select(Keep)], taps));
        return [.. outputs.Zip(taps, Held.Plus)];
    }

    /// <summary>Lets go of what was seen.</summary>
    public void Clear()
    {
        IsOn = false;
        _calls.ForEach(call => call.Dispose());
        _calls.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    // The module may dispose of whatever was made inside it: what is kept belongs to no scope.
    private static Tensor Keep(Tensor input) => input.detach().DetachFromDisposeScope();

    private static Tensor NewTap(Tensor output) =>
        zeros_like(output).detach().requires_grad_().DetachFromDisposeScope();
}
