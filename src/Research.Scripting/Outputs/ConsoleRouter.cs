using System.Text;

namespace Research.Scripting.Outputs;

/// <summary>Stands in for <see cref="Console.Out"/> and <see cref="Console.Error"/> and sends each write to its
/// cell.</summary>
/// <remarks>
/// The cell is found by the flow of execution, so that tasks, threads and timers a cell starts write to that cell, and
/// the host's own writes pass through. Installed once for the process and never removed.
/// </remarks>
internal sealed class ConsoleRouter : TextWriter
{
    private static readonly Lock Gate = new();

    private readonly string _name;
    private readonly TextWriter _host;

    private ConsoleRouter(string name, TextWriter host)
    {
        _name = name;
        _host = host;
        CoreNewLine = ['\n'];
    }

    public override Encoding Encoding => Encoding.UTF8;

    private static ConsoleRouter? Out { get; set; }

    /// <summary>Installs the router, again if something replaced the console's writers since.</summary>
    public static void Install()
    {
        lock (Gate)
        {
            if (Out is not null && ReferenceEquals(Console.Out, InstalledOut))
            {
                return;
            }

            Out = new ConsoleRouter("stdout", Console.Out);
            Console.SetOut(Out);
            InstalledOut = Console.Out;
            Console.SetError(new ConsoleRouter("stderr", Console.Error));
        }
    }

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void WriteLine(string? value)
    {
        if (OutputChannel.Current is { } channel)
        {
            channel.WriteLine(_name, value);
        }
        else
        {
            _host.WriteLine(value);
        }
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (OutputChannel.Current is { } channel)
        {
            channel.Write(_name, buffer);
        }
        else
        {
            _host.Write(buffer);
        }
    }

    public override void Flush()
    {
        if (OutputChannel.Current is null)
        {
            _host.Flush();
        }
    }

    private static TextWriter? InstalledOut { get; set; }
}
