namespace Research.Training;

/// <summary>What a safetensors file holds.</summary>
/// <param name="Tensors">The tensors, in the order in which they lie in the file.</param>
/// <param name="Metadata">The file's texts by name; empty if it has none.</param>
public sealed record SafetensorsFile(IReadOnlyList<SafeTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Gets the tensor of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public SafeTensor this[string name] =>
        Tensors.FirstOrDefault(tensor => tensor.Name == name)
        ?? throw new KeyNotFoundException(
            $"Expected a tensor '{name}', got {string.Join(", ", Tensors.Select(t => t.Name))}.");
}
