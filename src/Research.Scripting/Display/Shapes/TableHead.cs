using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Formatting.TabularData;

namespace Research.Scripting.Display.Shapes;

/// <summary>The table of a sequence's items, of which only those that are shown were read.</summary>
internal static class TableHead
{
    private static readonly ConditionalWeakTable<TabularDataResource, object> Heads = [];

    /// <summary>Tells whether a table holds one row more than is shown because its sequence has an unknown number of
    /// them.</summary>
    public static bool IsHead(TabularDataResource table) => Heads.TryGetValue(table, out _);

    /// <summary>Makes the table of a sequence; of one that has to run, no more of it than is shown.</summary>
    /// <returns>The table; the sequence itself where the package makes none of it (a getter that throws), to be shown
    /// as any other.</returns>
    public static object Of<T>(IEnumerable<T> items)
    {
        if (SequenceFacts.IsStored(items))
        {
            return Make(items) ?? (object)items;
        }

        int limit = Math.Min(Formatter.ListExpansionLimit, new ShapeBudget().Items);
        List<T> head = [.. items.Take(limit + 1)];
        if (Make(head) is not { } table)
        {
            return head;
        }

        if (head.Count > limit)
        {
            Heads.Add(table, head);
        }

        return table;
    }

    private static TabularDataResource? Make<T>(IEnumerable<T> items)
    {
        try
        {
            return items.ToTabularDataResource();
        }
        catch (Exception) // The package's reading of the items, which stops at the first getter that throws.
        {
            return null;
        }
    }
}
