namespace Research.TorchSharp;

/// <summary>How the gradient of one layer's parameters is had, or why it is refused.</summary>
/// <param name="Name">The layer's name in its module; empty for the module itself.</param>
/// <param name="Type">Its type.</param>
/// <param name="Parameters">Numbers that it learns.</param>
/// <param name="Rule">How its gradients are had.</param>
/// <param name="Reason">Why by the loop, or why refused; null where a rule of its own serves.</param>
public sealed record LayerGradient(string Name, string Type, long Parameters, GradientRule Rule, string? Reason = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{(Name.Length == 0 ? "(module)" : Name)} {Type}: {Rule}{(Reason is null ? string.Empty : $", {Reason}")}";
}
