using Research.Scripting.Display;
using Research.Scripting.Outputs;

#pragma warning disable IDE0130 // The namespace is .NET Interactive's, so that its notebooks run unchanged.
namespace Microsoft.DotNet.Interactive;
#pragma warning restore IDE0130

/// <summary>An output that can be replaced after it was shown.</summary>
public sealed class DisplayedValue
{
    private readonly Func<object?, MimeBundle> _format;
    private readonly OutputChannel? _channel;

    /// <summary>Shows a bundle.</summary>
    /// <param name="bundle">What to show now.</param>
    /// <param name="format">Makes the bundle of a later value; null for the formatters of its type.</param>
    internal DisplayedValue(MimeBundle bundle, Func<object?, MimeBundle>? format = null)
    {
        _format = format ?? (static value => MimeFormatter.Format(value));
        _channel = OutputChannel.Current;
        MimeTypes = bundle.MimeTypes;
        DisplayId = Guid.NewGuid().ToString("N");
        if (_channel is null)
        {
            Console.WriteLine(bundle.PlainText); // Outside any cell, as .NET Interactive does.
        }
        else
        {
            _channel.Emit(new DisplayOutput(bundle, DisplayId));
        }
    }

    /// <summary>Gets the name by which front ends know this output.</summary>
    public string DisplayId { get; }

    /// <summary>Gets the mime types it was shown in.</summary>
    public IReadOnlyCollection<string> MimeTypes { get; private set; }

    /// <summary>Replaces what is shown, wherever it was shown.</summary>
    /// <param name="updatedValue">The value to show now; formatted when this is called.</param>
    public void Update(object? updatedValue) => Update(_format(updatedValue));

    internal void Update(MimeBundle bundle)
    {
        MimeTypes = bundle.MimeTypes;
        OutputChannel? channel = OutputChannel.Current ?? _channel;
        if (channel is null)
        {
            Console.WriteLine(bundle.PlainText);
        }
        else
        {
            channel.Emit(new DisplayUpdate(bundle, DisplayId));
        }
    }
}
