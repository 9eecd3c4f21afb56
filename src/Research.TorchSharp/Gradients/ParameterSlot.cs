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

    /// <summary>Gets the numbers now, whole: a double holds both kinds of parameters.</summary>
    public double[] Exact()
    {
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            return Parameter.detach().to(float64).cpu().contiguous().data<double>().ToArray();
        }
    }

    /// <summary>Sets the numbers.</summary>
    /// <param name="values">As many as the parameter has.</param>
    public void Set(ReadOnlySpan<float> values) => Copy(tensor(values.ToArray()));

    /// <summary>Sets the numbers, as <see cref="Exact"/> gave them.</summary>
    /// <param name="values">As many as the parameter has.</param>
    public void Set(ReadOnlySpan<double> values) => Copy(tensor(values.ToArray()));

    private void Copy(Tensor values)
    {
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            Parameter.copy_(values.reshape(Parameter.shape).to(Parameter.dtype, Parameter.device));
        }

        values.Dispose();
    }
}
