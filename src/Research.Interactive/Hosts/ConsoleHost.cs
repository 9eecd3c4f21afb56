namespace Research.Interactive.Hosts;

/// <summary>A program without a notebook: what is shown is printed, and what replaces it is printed below.</summary>
internal sealed class ConsoleHost : INotebookHost
{
    public Action<object?> Show(object? value)
    {
        Print(value);
        return Print;
    }

    private static void Print(object? value) => Console.WriteLine(value);
}
