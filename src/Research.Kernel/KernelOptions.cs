namespace Research.Kernel;

/// <summary>What a kernel starts with.</summary>
public sealed record KernelOptions
{
    /// <summary>Gets the folder that cells run in; by default the current directory.</summary>
    public string? Folder { get; init; }

    /// <summary>Gets where the history of cells is kept; null keeps this session's only.</summary>
    public string? HistoryPath { get; init; } = Scripting.History.CellHistory.UserPath;

    /// <summary>Gets where the kernel notes what goes wrong; by default standard error.</summary>
    public TextWriter? Log { get; init; }

    /// <summary>Gets the clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gets whether to end with the process that started the kernel (<c>JPY_PARENT_PID</c>), and to take the
    /// process's own interrupt and termination signals.</summary>
    public bool OwnsProcess { get; init; }
}
