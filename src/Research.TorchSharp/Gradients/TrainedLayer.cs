using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Gradients;

/// <summary>A module that has trained parameters of its own.</summary>
/// <param name="Name">Its name in the whole; empty for the whole itself.</param>
/// <param name="Module">The module.</param>
/// <param name="Slots">Its own parameters.</param>
internal sealed record TrainedLayer(string Name, Module Module, IReadOnlyList<ParameterSlot> Slots)
{
    /// <summary>Gets the name for people.</summary>
    public string Title => Name.Length == 0 ? "the module itself" : $"layer '{Name}'";

    /// <summary>Gets how many numbers it learns.</summary>
    public long Length => Slots.Sum(slot => (long)slot.Length);

    /// <summary>Describes it.</summary>
    public LayerGradient Describe(GradientRule rule, string? reason = null) =>
        new(Name, Module.GetType().Name, Length, rule, reason);
}
