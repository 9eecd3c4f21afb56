namespace Research.Interactive.Hosts;

/// <summary>The program that runs a notebook's cells: .NET Interactive, or Research's own kernel.</summary>
public interface INotebookHost
{
    /// <summary>Shows a value below the running cell.</summary>
    /// <param name="value">The value; the host's formatters decide how it looks.</param>
    /// <returns>What replaces the value that is shown, from any thread.</returns>
    Action<object?> Show(object? value);
}
