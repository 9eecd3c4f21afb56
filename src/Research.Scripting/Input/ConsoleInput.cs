using Research.Scripting.Outputs;

namespace Research.Scripting.Input;

/// <summary>Stands in for <see cref="Console.In"/>: a cell's reads ask the cell's user, the host's own read the
/// process's standard input.</summary>
internal sealed class ConsoleInput : TextReader
{
    private static readonly Lock Gate = new();
    private static TextReader? _installed;

    private readonly Lazy<TextReader> _host = new(static () => new StreamReader(Console.OpenStandardInput()));
    private string _line = ""; // What Read() has of the last line it asked for.
    private int _position;

    /// <summary>Installs it, again if something replaced the console's reader since.</summary>
    public static void Install()
    {
        lock (Gate)
        {
            if (_installed is null || !ReferenceEquals(Console.In, _installed))
            {
                Console.SetIn(new ConsoleInput());
                _installed = Console.In;
            }
        }
    }

    /// <inheritdoc/>
    public override int Peek()
    {
        if (OutputChannel.Current is null)
        {
            return _host.Value.Peek();
        }

        return _position < _line.Length ? _line[_position] : -1;
    }

    /// <inheritdoc/>
    public override int Read()
    {
        if (OutputChannel.Current is null)
        {
            return _host.Value.Read();
        }

        if (_position == _line.Length)
        {
            if (Ask() is not { } line)
            {
                return -1;
            }

            (_line, _position) = (line + "\n", 0);
        }

        return _line[_position++];
    }

    /// <inheritdoc/>
    public override string? ReadLine()
    {
        if (OutputChannel.Current is null)
        {
            return _host.Value.ReadLine();
        }

        if (_position == _line.Length)
        {
            return Ask();
        }

        string rest = _line[_position..^1];
        _position = _line.Length;
        return rest;
    }

    /// <inheritdoc/>
    public override Task<string?> ReadLineAsync() => ReadLineAsync(CancellationToken.None).AsTask();

    /// <inheritdoc/>
    public override async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) =>
        OutputChannel.Current is null || _position < _line.Length
            ? ReadLine()
            : await CellInput.AskAsync(new InputRequest("", IsPassword: false))
                .WaitAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count)
    {
        if (OutputChannel.Current is null)
        {
            return _host.Value.Read(buffer, index, count);
        }

        int filled = 0;
        while (filled < count && (filled == 0 || _position < _line.Length) && Read() is >= 0 and int character)
        {
            buffer[index + filled++] = (char)character;
        }

        return filled;
    }

#pragma warning disable VSTHRD002 // A TextReader's callers wait for it; an interrupt ends the wait by its token.
    private static string? Ask() =>
        CellInput.AskAsync(new InputRequest("", IsPassword: false)).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
}
