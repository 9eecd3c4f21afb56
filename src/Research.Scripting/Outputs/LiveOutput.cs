namespace Research.Scripting.Outputs;

/// <summary>One output of a cell, which can be replaced after it was shown.</summary>
internal sealed class LiveOutput
{
    private readonly OutputChannel? _channel = OutputChannel.Current;

    /// <summary>Shows a bundle below the running cell.</summary>
    public LiveOutput(MimeBundle bundle, string? displayId = null)
    {
        DisplayId = displayId ?? Guid.NewGuid().ToString("N");
        Send(_channel, new DisplayOutput(bundle, DisplayId), bundle);
    }

    /// <summary>Gets the name by which front ends know this output.</summary>
    public string DisplayId { get; }

    /// <summary>Replaces what is shown, wherever it was shown.</summary>
    public void Update(MimeBundle bundle) =>
        Send(OutputChannel.Current ?? _channel, new DisplayUpdate(bundle, DisplayId), bundle);

    private static void Send(OutputChannel? channel, CellOutput output, MimeBundle bundle)
    {
        if (channel is null)
        {
            Console.WriteLine(bundle.PlainText); // Outside any cell, as .NET Interactive does.
        }
        else
        {
            channel.Emit(output);
        }
    }
}
