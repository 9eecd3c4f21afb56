using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Research.Tests.Guides;

/// <summary>Somebody at a shell of its own: a home folder, a guide, and what the guide's words in capitals stand for.</summary>
internal sealed partial class Person
{
    // What the machine needs to run programs at all. Nothing else of the test's environment is anybody's.
    private static readonly string[] Machine = ["PATH", "DOTNET_ROOT", "RESEARCH_ANVIL"];

    private readonly Guide _guide;
    private readonly Transcript _transcript;
    private readonly string[] _shell;
    private readonly List<string> _exports = [];
    private readonly HashSet<string> _played = [];

    /// <param name="name">Who.</param>
    /// <param name="guide">The guide that is followed.</param>
    /// <param name="homes">The folder of all homes.</param>
    /// <param name="shell">What starts a shell on this person's machine.</param>
    /// <param name="transcript">Where it is written down.</param>
    public Person(string name, Guide guide, string homes, string[] shell, Transcript transcript)
    {
        Name = name;
        Home = Path.Combine(homes, name);
        Directory.CreateDirectory(Home);
        _guide = guide;
        _shell = shell;
        _transcript = transcript;
    }

    public string Name { get; }

    public string Home { get; }

    /// <summary>Gets the name of the guide that is followed.</summary>
    public string Guide => _guide.Name;

    /// <summary>Gets the file of the certificate that this person's machine trusts; null for those of the system.</summary>
    public string? Authority { get; init; }

    /// <summary>Gets what the guide's words in capitals stand for: <c>$TASK</c>, …</summary>
    public Dictionary<string, string> Words { get; } = [];

    /// <summary>Gets the headings whose commands this person ran.</summary>
    public IEnumerable<string> Played => _played;

    /// <summary>Runs the commands under a heading, which must succeed.</summary>
    /// <returns>Standard output.</returns>
    public async Task<string> DoAsync(string heading)
    {
        CommandLineResult result = await TryAsync(heading, _ => { });
        Assert.True(result.ExitCode == 0, $"{Name}, {heading}: exit {result.ExitCode}\n{result.Output}{result.Error}");
        return result.Output;
    }

    /// <summary>Runs the commands under a heading, whatever comes of it.</summary>
    public async Task<CommandLineResult> TryAsync(string heading, Action<Process> started)
    {
        using Process process = Start(heading);
        started(process);
        CommandLineResult result = await CommandLine.FinishAsync(process);
        _transcript.Add(Name, _guide.Name, heading, _guide.Under(heading), result);
        Remember(heading);
        return result;
    }

    /// <summary>Starts a command that runs until it is stopped; gets it with what it said until it was ready.</summary>
    public async Task<(Process Process, string Output)> ServeAsync(string heading)
    {
        Process process = Start(heading);
        try
        {
            string output = "";
            while (await process.StandardOutput.ReadLineAsync().WaitAsync(CommandLine.LongestRun) is string line)
            {
                output += $"{line}\n";
                if (line.Contains("Ctrl-C", StringComparison.Ordinal))
                {
                    _transcript.Add(
                        Name, _guide.Name, heading, _guide.Under(heading), new CommandLineResult(0, output, ""));
                    Remember(heading);
                    return (process, output);
                }
            }

            throw new InvalidOperationException(
                $"{Name}, {heading}: {output}{await process.StandardError.ReadToEndAsync()}");
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }
    }

    private Process Start(string heading)
    {
        string commands = _guide.Under(heading);
        string program = Path.Combine(AppContext.BaseDirectory, "research.dll");
        string script = string.Join('\n', [$"research() {{ dotnet '{program}' \"$@\"; }}", .. _exports, commands]);
        ProcessStartInfo start = new(_shell[0], [.. _shell[1..], "-e", "-c", script])
        {
            WorkingDirectory = Home,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Dictionary<string, string?> machine = Machine.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        start.Environment.Clear();
        foreach ((string name, string? value) in machine.Where(one => one.Value is not null))
        {
            start.Environment[name] = value;
        }

        if (Authority is not null)
        {
            start.Environment["SSL_CERT_FILE"] = Authority;
        }

        start.Environment["HOME"] = Home;
        start.Environment["XDG_DATA_HOME"] = Path.Combine(Home, ".local", "share");
        foreach ((string name, string value) in Words)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    // A shell keeps what was exported in it.
    private void Remember(string heading)
    {
        _played.Add(heading);
        _exports.AddRange(Export().Matches(_guide.Under(heading)).Select(match => match.Value).Except(_exports));
    }

    [GeneratedRegex("^export .+$", RegexOptions.Multiline)]
    private static partial Regex Export();
}
