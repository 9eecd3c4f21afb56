using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Gradients;

/// <summary>The parameters of a module that ask for a gradient, in the order in which the module names them.</summary>
internal sealed class TrainedParameters
{
    private readonly Dictionary<ParameterIdentity, ParameterSlot> _byIdentity = [];

    /// <summary>Lists the parameters of a module.</summary>
    /// <exception cref="ArgumentException">It has none, or more than 2³¹ − 1 numbers.</exception>
    public TrainedParameters(Module module)
    {
        List<ParameterSlot> slots = [];
        Dictionary<string, int> layers = [];
        int offset = 0;
        foreach ((string name, Parameter parameter) in module.named_parameters())
        {
            if (!parameter.requires_grad || _byIdentity.ContainsKey(ParameterIdentity.Of(parameter)))
            {
                continue;
            }

            string owner = name[..Math.Max(0, name.LastIndexOf('.'))];
            layers.TryAdd(owner, layers.Count);
            ParameterSlot slot = new(name, parameter, offset, checked((int)parameter.numel()), layers[owner]);
            slots.Add(slot);
            _byIdentity.Add(ParameterIdentity.Of(parameter), slot);
            offset = checked(offset + slot.Length);
        }

        if (offset == 0)
        {
            throw new ArgumentException(
                "Expected a module with trainable parameters; got one whose parameters are none or all frozen.",
                nameof(module));
        }

        Slots = slots;
        Length = offset;
        Layers = layers.Count;
    }

    /// <summary>Gets the parameters.</summary>
    public IReadOnlyList<ParameterSlot> Slots { get; }

    /// <summary>Gets how many numbers they have together.</summary>
    public int Length { get; }

    /// <summary>Gets how many modules have parameters of their own.</summary>
    public int Layers { get; }

    /// <summary>Gets a parameter's place; null where it is not trained.</summary>
    public ParameterSlot? Find(Parameter? parameter) =>
        parameter is null ? null : _byIdentity.GetValueOrDefault(ParameterIdentity.Of(parameter));

    /// <summary>Gets the numbers of all, as floats.</summary>
    public float[] Values() => [.. Slots.SelectMany(slot => slot.Values())];

    /// <summary>Gets the numbers of all, whole.</summary>
    public double[] Exact() => [.. Slots.SelectMany(slot => slot.Exact())];

    /// <summary>Sets the numbers of all, as <see cref="Exact"/> gave them.</summary>
    public void Set(ReadOnlySpan<double> values)
    {
        foreach (ParameterSlot slot in Slots)
        {
            slot.Set(values.Slice(slot.Offset, slot.Length));
        }
    }

    /// <summary>Sets the numbers of all.</summary>
    public void Set(ReadOnlySpan<float> values)
    {
        foreach (ParameterSlot slot in Slots)
        {
            slot.Set(values.Slice(slot.Offset, slot.Length));
        }
    }
}
