using System.Text.Json;
using Research.Storage;

namespace Research.Training.Specification;

/// <summary>The stores that a task names, in JSON; none is written as nothing, so that one meaning has one hash.</summary>
internal static class StoresJson
{
    public const int Most = 4;

    private const string Name = "stores";
    private const int Shown = 60;

    public static IReadOnlyList<StoreAddress> Read(SpecObject task)
    {
        if (task.Optional(Name) is not { } element)
        {
            return [];
        }

        if (element.ValueKind != JsonValueKind.Array)
        {
            throw new SpecException(task.At(Name), "an array", SpecObject.Describe(element));
        }

        int count = element.GetArrayLength();
        return count is > 0 and <= Most
            ? [.. element.EnumerateArray().Select((item, i) => Address(item, $"{task.At(Name)}[{i}]"))]
            : throw new SpecException(task.At(Name), $"1 to {Most} addresses, or no such field", $"{count}");
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyList<StoreAddress> stores)
    {
        if (stores.Count == 0)
        {
            return;
        }

        json.WriteStartArray(Name);
        foreach (StoreAddress store in stores)
        {
            json.WriteStringValue(store.Text);
        }

        json.WriteEndArray();
    }

    /// <summary>Throws unless strangers may be told of each, and all are different.</summary>
    public static void Check(IReadOnlyList<StoreAddress> stores, string path)
    {
        SpecRange.Check(stores.Count, 0, Most, $"the number of {path}");
        for (int i = 0; i < stores.Count; i++)
        {
            string at = $"{path}[{i}]";
            StoreAddress store = stores[i] ?? throw new SpecException(at, "an address", "null");
            Named(store.Text, at); // Built in code it may be a folder.
            if (stores.Take(i).Contains(store))
            {
                throw new SpecException(at, "another address than those before it", "the same again");
            }
        }
    }

    private static StoreAddress Address(JsonElement item, string path) => Named(SpecObject.Text(item, path), path);

    private static StoreAddress Named(string text, string path)
    {
        try
        {
            return StoreAddress.ParseNamed(text);
        }
        catch (FormatException e)
        {
            throw new SpecException(
                path,
                $"https://HOST[/PATH], ipfs-gateway+https://HOST or http on one's own machine, at most "
                + $"{StoreAddress.LongestNamed} visible ASCII characters",
                $"\"{(text.Length <= Shown ? text : $"{text[..Shown]}…")}\"",
                e);
        }
    }
}
