namespace Research.Scripting.Display;

/// <summary>Shows how far a loop is.</summary>
public static class ProgressExtensions
{
    /// <summary>Yields the items and shows a bar that grows with each one done:
    /// <c>foreach (int epoch in epochs.WithProgress("epochs"))</c>.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="items">The items; a lazy sequence whose length is unknown shows a count.</param>
    /// <param name="title">What is in progress.</param>
    /// <returns>The same items; the bar appears when the loop starts, and ends where the loop does.</returns>
    public static IEnumerable<T> WithProgress<T>(this IEnumerable<T> items, string title = "")
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(title);
        return Yield(items, title);
    }

    private static IEnumerable<T> Yield<T>(IEnumerable<T> items, string title)
    {
        using LiveProgress progress = new(title, items.TryGetNonEnumeratedCount(out int count) ? count : null);
        long done = 0;
        foreach (T item in items)
        {
            yield return item;
            progress.Report(++done);
        }
    }
}
