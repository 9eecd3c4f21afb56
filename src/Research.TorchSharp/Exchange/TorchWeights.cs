using Research.TorchSharp.Gradients;
using Research.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Exchange;

/// <summary>Weights between TorchSharp's modules and checkpoints, which are safetensors files.</summary>
/// <remarks>
/// PyTorch's and TorchSharp's safetensors files are read alike: the names are those of a module's state, and a map says
/// where they differ. A module holds weights of a private run only once that run is released.
/// </remarks>
public static class TorchWeights
{
    /// <summary>Takes the parameters of a module, as floats.</summary>
    /// <param name="module">The module; public, or released.</param>
    /// <param name="rename">Gives a parameter's name in the checkpoint; null keeps names.</param>
    /// <exception cref="ArgumentException">Two parameters get one name.</exception>
    public static Checkpoint Of(Module module, Func<string, string>? rename = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        return Make(module, parameter => Numbers(parameter), rename);
    }

    /// <summary>Sets the parameters of a module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="weights">Exactly its parameters, by name and shape, in any order.</param>
    /// <param name="rename">Gives a parameter's name in the checkpoint; null keeps names.</param>
    /// <exception cref="ArgumentException">A parameter is missing or has another shape, or there are more.</exception>
    public static void Load(Module module, Checkpoint weights, Func<string, string>? rename = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(weights);
        weights.CheckFits(Make(module, parameter => new float[parameter.numel()], rename).Parameters);
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            foreach ((string name, Parameter parameter) in module.named_parameters())
            {
                Tensor values = tensor(weights[rename?.Invoke(name) ?? name].ToArray());
                parameter.copy_(values.reshape(parameter.shape).to(parameter.dtype, parameter.device));
            }
        }
    }

    /// <summary>Takes the parameters of a module, with those that were trained as they were at another time.</summary>
    internal static Checkpoint Of(Module module, TrainedParameters trained, float[] values) => Make(
        module,
        parameter => trained.Find(parameter) is { } slot
            ? values.AsSpan(slot.Offset, slot.Length).ToArray()
            : Numbers(parameter),
        rename: null);

    private static float[] Numbers(Parameter parameter)
    {
        using DisposeScope scope = NewDisposeScope();
        return parameter.detach().to(float32).cpu().contiguous().data<float>().ToArray();
    }

    private static Checkpoint Make(Module module, Func<Parameter, float[]> numbers, Func<string, string>? rename)
    {
        List<ParameterTensor> parameters = [];
        List<float> values = [];
        foreach ((string name, Parameter parameter) in module.named_parameters())
        {
            float[] own = numbers(parameter);
            int[] shape = [.. parameter.shape.Select(size => checked((int)size))];
            parameters.Add(new ParameterTensor(rename?.Invoke(name) ?? name, shape, values.Count, own.Length));
            values.AddRange(own);
        }

        return new Checkpoint(parameters, [.. values]);
    }
}
