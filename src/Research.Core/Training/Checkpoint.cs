using Research.Training.Data;
using Research.Training.Specification;

namespace Research.Training;

/// <summary>Named float tensors in one flat buffer: the weights of a network at one moment.</summary>
public sealed class Checkpoint
{
    private readonly float[] _values;
    private readonly Dictionary<string, ParameterTensor> _byName;

    /// <summary>Creates a checkpoint over existing numbers, which must not change afterwards.</summary>
    /// <param name="parameters">The tensors, which must cover <paramref name="values"/> in order, without gaps; names
    /// must differ.</param>
    /// <param name="values">All numbers.</param>
    /// <exception cref="ArgumentException">The tensors do not cover the numbers, or a name is doubled.</exception>
    public Checkpoint(IReadOnlyList<ParameterTensor> parameters, float[] values)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(values);
        int at = 0;
        foreach (ParameterTensor parameter in parameters)
        {
            if (parameter.Offset != at || parameter.Length != Shapes.Size(parameter.Shape))
            {
                throw new ArgumentException(
                    $"Expected '{parameter.Name}' at {at} with {Shapes.Size(parameter.Shape)} numbers, "
                    + $"got {parameter.Offset} and {parameter.Length}.",
                    nameof(parameters));
            }

            at += parameter.Length;
        }

        if (at != values.Length)
        {
            throw new ArgumentException(
                $"Expected {at} numbers for these parameters, got {values.Length}.", nameof(values));
        }

        Parameters = parameters;
        _values = values;
        _byName = parameters.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);
    }

    /// <summary>Gets the tensors, in order and without gaps.</summary>
    public IReadOnlyList<ParameterTensor> Parameters { get; }

    /// <summary>Gets all numbers, in the order of <see cref="Parameters"/>.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Gets the numbers of one tensor.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public ReadOnlySpan<float> this[string name] => Values.Slice(_byName[name].Offset, _byName[name].Length);

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="file">A whole safetensors file that holds only F32 tensors.</param>
    /// <param name="source">What the bytes are, for errors.</param>
    /// <exception cref="DataFormatException">The bytes are not a safetensors file, or a tensor is not F32.</exception>
    public static Checkpoint FromSafetensors(ReadOnlySpan<byte> file, string source = "checkpoint")
    {
        SafetensorsFile content = Safetensors.Read(file, source);
        List<ParameterTensor> parameters = [];
        int offset = 0;
        foreach (SafeTensor tensor in content.Tensors)
        {
            if (tensor.Type != SafeTensorType.F32)
            {
                throw new DataFormatException(source, $"tensor '{tensor.Name}'", "F32", $"{tensor.Type}");
            }

            parameters.Add(new ParameterTensor(tensor.Name, tensor.Shape, offset, (int)tensor.Length));
            offset += (int)tensor.Length;
        }

        float[] values = new float[offset];
        for (int i = 0; i < parameters.Count; i++)
        {
            content.Tensors[i].ToArray<float>().CopyTo(values, parameters[i].Offset);
        }

        return new Checkpoint(parameters, values);
    }

    /// <summary>Writes the checkpoint as a safetensors file of F32 tensors.</summary>
    /// <param name="metadata">Texts to store beside the tensors.</param>
    public byte[] ToSafetensors(IReadOnlyDictionary<string, string>? metadata = null) =>
        Safetensors.Write([.. Parameters.Select(p => SafeTensor.Of(p.Name, p.Shape, this[p.Name]))], metadata);

    /// <summary>Throws unless the tensors are exactly those expected, in any order.</summary>
    internal void CheckFits(IReadOnlyList<ParameterTensor> expected)
    {
        foreach (ParameterTensor parameter in expected)
        {
            if (!_byName.TryGetValue(parameter.Name, out ParameterTensor? own))
            {
                throw new ArgumentException(
                    $"Expected a tensor '{parameter.Name}', got {string.Join(", ", _byName.Keys)}.");
            }

            if (!Shapes.Same(own.Shape, parameter.Shape))
            {
                throw new ArgumentException(
                    $"Tensor '{parameter.Name}': expected shape {Shapes.Text(parameter.Shape)}, "
                    + $"got {Shapes.Text(own.Shape)}.");
            }
        }

        if (expected.Count != Parameters.Count)
        {
            throw new ArgumentException($"Expected {expected.Count} tensors, got {Parameters.Count}.");
        }
    }
}
