using System.Collections;
using System.Data;
using System.Dynamic;
using System.Text;
using System.Text.Json;
using static Research.Tests.Display.Shapes.HostileTypes;

#pragma warning disable CA5394 // Seeded: the same graphs in every run.

namespace Research.Tests.Display.Shapes;

/// <summary>Draws object graphs of every awkward kind; the same seed gives the same graph.</summary>
internal sealed class ObjectGraphs(int seed)
{
    private const int MostValues = 150;

    private static readonly int[] TenMillion = new int[10_000_000];

    private readonly Random _random = new(seed);
    private readonly List<object> _made = [];

    /// <summary>Draws a graph of at most so many levels.</summary>
    public object? Next(int levels)
    {
        object? value = levels <= 0 || _made.Count > MostValues || _random.Next(5) == 0 ? Leaf() : Container(levels - 1);
        if (value is not null)
        {
            _made.Add(value);
        }

        return value;
    }

    private object? Leaf() => _random.Next(25) switch
    {
        0 => null,
        1 => "",
        2 => new string('x', _random.Next(8) == 0 ? 300_000 : _random.Next(1, 3_000)),
        3 => "\ud800 lone \0 <b>&\u202e\r\n\t",
        4 => double.NaN,
        5 => -0.0,
        6 => double.Epsilon,
        7 => new StringBuilder().Append('y', 500_000),
        8 => new ThrowingText(),
        9 => new Endless(),
        10 => new Unboxable(),
        11 => new ThrowsBadly(),
        12 => WithThousandMembers(),
        13 => WithLongName(),
        14 => TenMillion,
        15 => new LyingCount(_random.Next(-1, 3)),
        16 => new ThrowingItems(_random.Next(30)),
        17 => new NullEnumerator(),
        18 => new Tree("{\"a\": 1}"),
        19 => new Lazy<int>(() => throw new InvalidOperationException("lazy")),
        20 => JsonSerializer.SerializeToNode(Enumerable.Range(0, _random.Next(5_000))),
        23 => WithPointer(),
        21 => new byte[_random.Next(2_000)],
        22 => new AggregateException(new ThrowingMessage(), new InvalidOperationException("inner")),
        _ => Disposed(),
    };

    private object Container(int levels)
    {
        int count = _random.Next(1, 25);
        switch (_random.Next(13))
        {
            case 0:
                return Items(count, levels).ToArray();
            case 1:
                ArrayList list = [.. Items(count, levels).ToArray()];
                list.Add(list);
                return list;
            case 2:
                Hashtable table = [];
                foreach (object? item in Items(count, levels))
                {
                    table[$"{table.Count}"] = item;
                }

                table["self"] = table;
                return table;
            case 3:
                return new ThrowingIdentity { Inner = Next(levels) };
            case 4:
                return new Deep(levels, Next(levels));
            case 5:
                return Failing(Items(count, levels).ToArray());
            case 6:
                return Forever(Next(levels));
            case 7:
                IDictionary<string, object?> members = new ExpandoObject();
                for (int i = 0; i < 100; i++)
                {
                    members[$"m{i}"] = i < count ? Next(levels) : i;
                }

                return members;
            case 8:
                return (Next(levels), Next(levels), 3, 4, 5, 6, 7, 8, Next(levels));
            case 9:
                return new { Inner = Next(levels), Again = _made.Count > 0 ? _made[_random.Next(_made.Count)] : null };
            case 10:
                return Table(count, levels);
            case 11:
                return new object?[2, 3, 2] { { { 1, Next(levels) }, { null, 2 }, { 3, 4 } }, { { 1, 2 }, { 3, 4 }, { 5, 6 } } };
            default:
                LinkedList<object?> linked = new(Items(count, levels).ToArray());
                return linked.First!;
        }
    }

    private IEnumerable<object?> Items(int count, int levels)
    {
        for (int i = 0; i < count; i++)
        {
            yield return Next(i < 3 ? levels : 0);
        }
    }

    // Inside an object, so that what its enumeration throws is not the cell's own failure.
    private static object Failing(object?[] items) => new
    {
        Items = items.Select((item, index) => index == 3 ? throw new InvalidOperationException("item 3") : item),
    };

    private static object Forever(object? item)
    {
        static IEnumerable<object?> Repeat(object? item)
        {
            while (true)
            {
                yield return item;
            }
        }

        return new { Items = Repeat(item), Numbers = Repeat(1) };
    }

    private object Table(int count, int levels)
    {
        DataTable table = new();
        for (int column = 0; column < 80; column++)
        {
            table.Columns.Add($"c{column}", typeof(object));
        }

        for (int row = 0; row < count; row++)
        {
            table.Rows.Add(Next(levels) ?? DBNull.Value, row);
        }

        return _random.Next(2) == 0 ? table : table.Rows[0];
    }

    private static JsonDocument Disposed()
    {
        JsonDocument document = JsonDocument.Parse("[1]");
        document.Dispose();
        return document;
    }
}
