namespace Research.Tensors;

/// <summary>How the elements of a panel lie.</summary>
/// <param name="Elements">Elements of a vector in a panel; at most a multiple of 16 within <paramref name="Step"/>.</param>
/// <param name="Step">Numbers from one pair of examples to the next.</param>
internal readonly record struct PanelShape(int Elements, int Step)
{
    /// <summary>Gets the number of panels of a vector.</summary>
    public int Count(int size) => (size + Elements - 1) / Elements;
}
