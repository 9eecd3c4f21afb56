namespace Research.Tensors;

/// <summary>Spreads a bias over rows, and gathers its gradient.</summary>
internal static class Bias
{
    /// <summary>Writes the bias [C] into each row of y [N, C].</summary>
    public static void Spread(ReadOnlySpan<float> bias, Span<float> y)
    {
        for (int start = 0; start < y.Length; start += bias.Length)
        {
            bias.CopyTo(y[start..]);
        }
    }

    /// <summary>
    /// Adds the rows of dy [N, C], first to last, columns <paramref name="start"/> and on, to the gradient given.
    /// </summary>
    public static void AddColumnSums(ReadOnlySpan<float> dy, int columns, int start, Span<float> gradient)
    {
        for (int row = 0; row < dy.Length; row += columns)
        {
            ScaledSum.Add(1f, dy.Slice(row + start, gradient.Length), gradient);
        }
    }
}
