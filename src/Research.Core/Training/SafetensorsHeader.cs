using System.Text.Json;
using Research.Training.Data;
using Research.Training.Specification;

namespace Research.Training;

/// <summary>Reads the JSON header of a safetensors file and cuts the tensors out, trusting nothing.</summary>
internal static class SafetensorsHeader
{
    private const int MostDimensions = 8;

    private readonly record struct Entry(string Name, SafeTensorType Type, int[] Shape, long Start, long End);

    public static SafetensorsFile Read(JsonElement header, ReadOnlySpan<byte> data, int dataStart, string source)
    {
        try
        {
            SpecObject root = new(header, "header");
            Dictionary<string, string> metadata = Metadata(root);
            List<Entry> entries = [.. root.Rest().Select(name => Tensor(root.Object(name), name))];
            entries.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.End.CompareTo(b.End));
            return new SafetensorsFile(Cut(entries, data, dataStart, source), metadata);
        }
        catch (SpecException e)
        {
            throw new DataFormatException(source, e.Path, e.Expected, e.Actual, e);
        }
    }

    private static Dictionary<string, string> Metadata(SpecObject root)
    {
        Dictionary<string, string> metadata = [];
        if (root.Optional("__metadata__") is { } element)
        {
            SpecObject texts = new(element, root.At("__metadata__"));
            foreach (string name in texts.Rest())
            {
                metadata.Add(name, texts.Text(name));
            }
        }

        return metadata;
    }

    private static Entry Tensor(SpecObject tensor, string name)
    {
        if (name.Length == 0)
        {
            throw new SpecException(tensor.Path, "a name that is not empty", "\"\"");
        }

        string dtype = tensor.Text("dtype");
        SafeTensorType type = dtype switch
        {
            "F32" => SafeTensorType.F32,
            "F64" => SafeTensorType.F64,
            "I32" => SafeTensorType.I32,
            "I64" => SafeTensorType.I64,
            "U8" => SafeTensorType.U8,
            _ => throw new SpecException(tensor.At("dtype"), "F32, F64, I32, I64 or U8", $"\"{dtype}\""),
        };
        JsonElement[] sizes = tensor.Array("shape", MostDimensions);
        int[] shape = [.. sizes.Select((size, i) => SpecObject.Int(size, $"{tensor.At("shape")}[{i}]"))];
        JsonElement[] offsets = tensor.Array("data_offsets", 2);
        if (offsets.Length != 2)
        {
            throw new SpecException(tensor.At("data_offsets"), "two offsets", $"{offsets.Length}");
        }

        long start = SpecObject.Whole(offsets[0], tensor.At("data_offsets") + "[0]");
        long end = SpecObject.Whole(offsets[1], tensor.At("data_offsets") + "[1]");
        tensor.End();
        CheckLength(tensor, type, shape, start, end);
        return new Entry(name, type, shape, start, end);
    }

    private static void CheckLength(SpecObject tensor, SafeTensorType type, int[] shape, long start, long end)
    {
        long bytes = SafeTensor.SizeOf(type);
        for (int i = 0; i < shape.Length; i++)
        {
            SpecRange.Check(shape[i], 0, int.MaxValue, $"{tensor.At("shape")}[{i}]");
            bytes = shape[i] != 0 && bytes > int.MaxValue / shape[i]
                ? throw new SpecException(tensor.At("shape"), $"at most {int.MaxValue} bytes", Shapes.Text(shape))
                : bytes * shape[i];
        }

        if (start < 0 || end - start != bytes)
        {
            throw new SpecException(
                tensor.At("data_offsets"), $"{bytes} bytes for {type} {Shapes.Text(shape)}", $"[{start}, {end}]");
        }
    }

    private static List<SafeTensor> Cut(List<Entry> entries, ReadOnlySpan<byte> data, int dataStart, string source)
    {
        long at = 0;
        foreach (Entry entry in entries)
        {
            if (entry.Start != at)
            {
                throw new DataFormatException(
                    source,
                    $"tensor '{entry.Name}'",
                    $"data from byte {at} on, without gap or overlap",
                    $"byte {entry.Start}");
            }

            at = entry.End;
        }

        if (at != data.Length)
        {
            throw new DataFormatException(
                source, "the end of the file", $"{dataStart + at} bytes", $"{(long)dataStart + data.Length}");
        }

        List<SafeTensor> tensors = new(entries.Count);
        foreach (Entry entry in entries)
        {
            tensors.Add(
                new SafeTensor(entry.Name, entry.Type, entry.Shape, data[(int)entry.Start..(int)entry.End].ToArray()));
        }

        return tensors;
    }
}
