using Research.Scripting.Input;

namespace Research.Scripting;

/// <summary>What a session starts with.</summary>
public sealed record ScriptSessionOptions
{
    /// <summary>Gets the folder against which <c>#r</c> and <c>#load</c> resolve; by default the current
    /// directory.</summary>
    public string? Folder { get; init; }

    /// <summary>Gets the script's arguments, seen as <c>Args</c>; null (a notebook) leaves that name free.</summary>
    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>Gets whether console writes are batched; scripts pass each on at once.</summary>
    public bool BatchStreams { get; init; } = true;

    /// <summary>Gets whether what a cell shows is bounded (1 Mi characters of each stream, 2,000 outputs); what a program
    /// prints is not.</summary>
    public bool LimitsOutput { get; init; } = true;

    /// <summary>Gets who asks the user for a line, for <c>Console.ReadLine</c> and <c>Kernel.GetInputAsync</c>; null
    /// leaves the process's own standard input to scripts, and gives notebooks a clear error.</summary>
    /// <remarks>The token is cancelled when the cell is interrupted; a null line is the end of input.</remarks>
    public Func<InputRequest, CancellationToken, Task<string?>>? ReadLine { get; init; }
}
