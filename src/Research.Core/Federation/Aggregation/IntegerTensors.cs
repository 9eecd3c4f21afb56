using Research.Training;

namespace Research.Federation.Aggregation;

/// <summary>
/// Moves a flat buffer of integers into safetensors of type I32 and back, a tensor for each parameter.
/// </summary>
internal static class IntegerTensors
{
    public static byte[] Write(
        IReadOnlyList<ParameterTensor> parameters,
        ReadOnlySpan<int> values,
        IReadOnlyDictionary<string, string> metadata)
    {
        List<SafeTensor> tensors = new(parameters.Count);
        foreach (ParameterTensor parameter in parameters)
        {
            tensors.Add(
                SafeTensor.Of(parameter.Name, parameter.Shape, values.Slice(parameter.Offset, parameter.Length)));
        }

        return Safetensors.Write(tensors, metadata);
    }

    /// <summary>Reads the tensors that <paramref name="parameters"/> names, no more and no fewer.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, unknown, of another type or
    /// shape, or out of range.</exception>
    public static int[] Read(
        IReadOnlyList<ParameterTensor> parameters, SafetensorsFile file, int limit, string source)
    {
        Dictionary<string, SafeTensor> given = file.Tensors.ToDictionary(tensor => tensor.Name);
        int[] values = new int[parameters.Sum(parameter => parameter.Length)];
        foreach (ParameterTensor parameter in parameters)
        {
            if (!given.Remove(parameter.Name, out SafeTensor? tensor))
            {
                throw new InvalidDataException($"{source}: expected a tensor {parameter.Name}; there is none.");
            }

            if (tensor.Type != SafeTensorType.I32 || !tensor.Shape.SequenceEqual(parameter.Shape))
            {
                throw new InvalidDataException(
                    $"{source}: {parameter.Name}: expected I32 [{string.Join(", ", parameter.Shape)}], "
                    + $"got {tensor.Type} [{string.Join(", ", tensor.Shape)}].");
            }

            tensor.ToArray<int>().CopyTo(values.AsSpan(parameter.Offset));
        }

        if (given.Count > 0)
        {
            throw new InvalidDataException($"{source}: the model has no tensor {given.Keys.First()}.");
        }

        int outside = Array.FindIndex(values, value => value < -limit || value > limit);
        return outside < 0
            ? values
            : throw new InvalidDataException(
                $"{source}: expected weights within ±{limit} units, got {values[outside]} at position {outside}.");
    }

    /// <summary>Checks that one metadata field has the value that this place needs.</summary>
    /// <exception cref="InvalidDataException">It is missing or has another value.</exception>
    public static void CheckMetadata(SafetensorsFile file, string key, string expected, string source)
    {
        string actual = file.Metadata.TryGetValue(key, out string? value) ? value : "nothing";
        if (actual != expected)
        {
            throw new InvalidDataException($"{source}: metadata {key}: expected {expected}, got {actual}.");
        }
    }
}
