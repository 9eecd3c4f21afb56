using System.Diagnostics;
using System.Globalization;
using System.Text;
using Research.Chain;

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

            _text.Append(Shown(result.Output)).Append(Shown(result.Error));
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

    // Everybody knows the development chain's keys; still, no key is written down.
    private static string Shown(string text) => DevChain.PublicKnowledgeKeys(10)
        .Aggregate(text, (shown, key) => shown.Replace(key, "(a public development key)", StringComparison.Ordinal));
}
