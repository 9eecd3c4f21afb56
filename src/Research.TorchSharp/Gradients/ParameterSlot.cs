using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Research.TorchSharp.Gradients;

/// <summary>A trained parameter, and where it lies in the flat vector of all of them.</summary>
/// <param name="Name">Its name in the module.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Offset">Index of its first number.</param>
/// <param name="Length">How many numbers it has.</param>
/// <param name="Layer">The module that it is registered on, counted from 0: what per-layer clipping clips
/// apart.</param>
internal sealed record ParameterSlot(string Name, Parameter Parameter, int Offset, int Length, int Layer)
{
    /// <summary>Gets the numbers now, as floats.</summary>
    public float[] Values()
    {
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            return Parameter.detach().to(float32).cpu().contiguous().data<float>().ToArray();
        }
    }

    /// <summary>Sets the numbers.</summary>
    /// <param name="values">As many as the parameter has.</param>
    public void Set(ReadOnlySpan<float> values)
    {
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            Parameter.copy_(tensor(values.ToArray()).reshape(Parameter.shape).to(Parameter.dtype, Parameter.device));
        }
    }
}
