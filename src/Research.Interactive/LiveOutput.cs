using Research.Interactive.Hosts;

namespace Research.Interactive;

/// <summary>An output that can be replaced while its cell runs, and afterwards, in every host alike.</summary>
/// <remarks>
/// <code>
/// LiveOutput shown = LiveOutput.Show(figure);
/// shown.Update(later);
/// </code>
/// </remarks>
public sealed class LiveOutput
{
    private readonly Action<object?> _replace;

    private LiveOutput(Action<object?> replace) => _replace = replace;

    /// <summary>Shows a value below the running cell.</summary>
    /// <param name="value">What is shown until the first update; may be null.</param>
    public static LiveOutput Show(object? value) => new(NotebookHost.Current.Show(value));

    /// <summary>Replaces what is shown; safe to call from any thread.</summary>
    /// <param name="value">What is shown from now on; formatted when this is called.</param>
    public void Update(object? value) => _replace(value);
}
