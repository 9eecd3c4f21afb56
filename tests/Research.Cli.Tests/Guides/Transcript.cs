using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Research.Tests.Guides;

/// <summary>What everybody typed, and what came of it, in order.</summary>
internal sealed class Transcript
{
    private readonly StringBuilder _text = new();
    private readonly Stopwatch _time = Stopwatch.StartNew();

    public void Add(string who, string guide, string heading, string commands, CommandLineResult result)
    {
        lock (_text)
        {
            _text.Append(
                CultureInfo.InvariantCulture, $"== {_time.Elapsed.TotalSeconds,6:F1} s  {who}: {guide}, {heading}\n");
            foreach (string line in commands.Split('\n'))
            {
                _text.Append(CultureInfo.InvariantCulture, $"$ {line}\n");
            }

            _text.Append(result.Output).Append(result.Error);
            _text.Append(result.ExitCode == 0 ? "\n" : $"[exit {result.ExitCode}]\n\n");
        }
    }

    /// <summary>Adds what is no command.</summary>
    public void Note(string text)
    {
        lock (_text)
        {
            _text.Append(CultureInfo.InvariantCulture, $"== {_time.Elapsed.TotalSeconds,6:F1} s  {text}\n\n");
        }
    }

    public override string ToString()
    {
        lock (_text)
        {
            return _text.ToString();
        }
    }
}
