namespace Research.Interactive.Hosts;

/// <summary>Where this process shows values.</summary>
public static class NotebookHost
{
    /// <summary>Gets or sets the host; a program without one prints to its console.</summary>
    /// <remarks>A process has one: the extension sets it when .NET Interactive loads it, and Research's kernel sets its
    /// own.</remarks>
    public static INotebookHost Current { get; set; } = new ConsoleHost();
}
