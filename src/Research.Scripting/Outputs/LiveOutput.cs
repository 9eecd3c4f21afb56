namespace Research.Scripting.Outputs;

/// <summary>One output of a cell, which can be replaced after it was shown.</summary>
internal sealed class LiveOutput
{
    private readonly OutputChannel? _channel = OutputChannel.Current;
    private readonly bool _isShown;

    /// <summary>Shows a bundle below the running cell.</summary>
    /// <param name="bundle">What to show; null where the cell shows so much already that this was not even
    /// made.</param>
    /// <param name="displayId">The name of the output; null for a new one.</param>
    public LiveOutput(MimeBundle? bundle, string? displayId = null)
    {
        DisplayId = displayId ?? Guid.NewGuid().ToString("N");
        if (bundle is null)
        {
            _channel?.LeaveOut();
        }
        else
        {
            _isShown = Send(_channel, new DisplayOutput(bundle, DisplayId), bundle);
        }
    }

    /// <summary>Gets the name by which front ends know this output.</summary>
    public string DisplayId { get; }

    /// <summary>Replaces what is shown, wherever it was shown.</summary>
    public void Update(MimeBundle bundle)
    {
        if (_isShown)
        {
            Send(OutputChannel.Current ?? _channel, new DisplayUpdate(bundle, DisplayId), bundle);
        }
    }

    private static bool Send(OutputChannel? channel, CellOutput output, MimeBundle bundle)
    {
        if (channel is not null)
        {
            return channel.Emit(output);
        }

        Console.WriteLine(bundle.PlainText); // Outside any cell, as .NET Interactive does.
        return true;
    }
}
