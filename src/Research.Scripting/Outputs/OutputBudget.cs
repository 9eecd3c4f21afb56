using System.Globalization;

namespace Research.Scripting.Outputs;

/// <summary>Bounds what one cell shows: a page and a stored notebook stay usable, whatever the cell prints.</summary>
/// <remarks>What is beyond a bound is counted and forgotten, not kept. A cell that clears its outputs starts anew.
/// Scripts have none of these bounds: what they print is their result.</remarks>
internal sealed class OutputBudget
{
    /// <summary>The most that one cell writes to standard output, and as much to standard error: 1 Mi
    /// characters.</summary>
    public const int MaximumStreamCharacters = 1 << 20;

    /// <summary>The most outputs that one cell displays.</summary>
    public const int MaximumDisplays = 2_000;

    /// <summary>The most that all outputs of one cell hold in all their representations: 64 Mi characters.</summary>
    public const long MaximumBundleCharacters = 64 << 20;

    private readonly Dictionary<string, long> _written = new(StringComparer.Ordinal);
    private int _displays;
    private long _characters;
    private long _leftOut;

    /// <summary>Gets whether no further output is displayed, so that none need be made.</summary>
    public bool IsFull => _displays >= MaximumDisplays;

    /// <summary>Takes as much of a write as is shown.</summary>
    /// <param name="name">The stream.</param>
    /// <param name="text">The text; what is left of it is shown.</param>
    /// <returns>What says that the rest is left out, once; else null.</returns>
    public string? Take(string name, ref ReadOnlySpan<char> text)
    {
        long former = _written.GetValueOrDefault(name);
        _written[name] = former + text.Length;
        if (former + text.Length <= MaximumStreamCharacters)
        {
            return null;
        }

        int rest = (int)Math.Max(0, MaximumStreamCharacters - former);
        if (rest > 0 && char.IsHighSurrogate(text[rest - 1]))
        {
            rest--;
        }

        text = text[..rest];
        return former > MaximumStreamCharacters ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"\n({name} is cut here: of one cell, {MaximumStreamCharacters:N0} characters are shown.)\n");
    }

    /// <summary>Takes an output that shows a value.</summary>
    /// <returns>The output, or a notice in its place, or null when it is left out.</returns>
    public CellOutput? Take(CellOutput output)
    {
        switch (output)
        {
            case ClearOutput:
                _written.Clear();
                (_displays, _characters, _leftOut) = (0, 0, 0);
                return output;
            case DisplayOutput display:
                return IsFull || !Fits(display.Bundle) ? LeaveOut() : Count(display);
            case DisplayUpdate update when update.Bundle.Length > MaximumBundleCharacters:
                return update with { Bundle = Notice(update.Bundle) };
            case ResultOutput result when !Fits(result.Bundle):
                return new ResultOutput(Notice(result.Bundle));
            default:
                return output;
        }
    }

    /// <summary>Counts an output that was not even made.</summary>
    /// <returns>What says so, once; else null.</returns>
    public StreamOutput? LeaveOut() => _leftOut++ > 0 ? null : new StreamOutput("stderr", string.Create(
        CultureInfo.InvariantCulture,
        $"(Outputs are left out: one cell shows {MaximumDisplays:N0} at most, of {MaximumBundleCharacters:N0} characters.)\n"));

    /// <summary>Says what was left out, a line a kind.</summary>
    public IEnumerable<StreamOutput> Close()
    {
        foreach ((string name, long written) in _written)
        {
            long more = written - MaximumStreamCharacters;
            if (more > 0)
            {
                yield return new StreamOutput(name, string.Create(
                    CultureInfo.InvariantCulture,
                    $"({more:N0} more characters of {name}, {more / 1e6:F1} MB, were left out.)\n"));
            }
        }

        if (_leftOut > 0)
        {
            yield return new StreamOutput(
                "stderr", string.Create(CultureInfo.InvariantCulture, $"({_leftOut:N0} outputs were left out.)\n"));
        }
    }

    private bool Fits(MimeBundle bundle)
    {
        bool fits = _characters + bundle.Length <= MaximumBundleCharacters;
        _characters += fits ? bundle.Length : 0;
        return fits;
    }

    private DisplayOutput Count(DisplayOutput display)
    {
        _displays++;
        return display;
    }

    private static MimeBundle Notice(MimeBundle bundle) => MimeBundle.Of(("text/plain", string.Create(
        CultureInfo.InvariantCulture, $"(An output of {bundle.Length:N0} characters was left out.)")));
}
