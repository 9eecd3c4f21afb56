using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Research.Training.Data;
using Research.Training.Specification;

namespace Research.Training;

/// <summary>Writes and reads the safetensors format, strictly, since files come from strangers.</summary>
/// <remarks>
/// Format: huggingface/safetensors README, "Format": 8-byte little-endian header length, JSON header, tensors back to
/// back. Headers over 1 MiB,
/// unknown types, doubled names, and offsets that overlap, leave gaps or leave the file are refused. Equal input gives
/// equal bytes.
/// </remarks>
public static class Safetensors
{
    private const int LargestHeader = 1 << 20;
    private const int LengthBytes = 8;
    private const string MetadataName = "__metadata__";

    /// <summary>Writes tensors: wider types first so that all are aligned, otherwise in the order given.</summary>
    /// <param name="tensors">The tensors; names must differ.</param>
    /// <param name="metadata">Texts to store beside them, written in ordinal order of their names.</param>
    /// <exception cref="ArgumentException">A name is empty, reserved or doubled, a length does not fit its shape, or
    /// the header exceeds 1 MiB.</exception>
    public static byte[] Write(IReadOnlyList<SafeTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        SafeTensor[] ordered = [.. tensors.OrderByDescending(tensor => SafeTensor.SizeOf(tensor.Type))];
        Check(ordered);
        byte[] header = Header(ordered, metadata);
        int padded = (header.Length + LengthBytes - 1) / LengthBytes * LengthBytes;
        if (padded > LargestHeader)
        {
            throw new ArgumentException(
                $"Expected a header of at most {LargestHeader} bytes, got {padded}.", nameof(tensors));
        }

        byte[] file = new byte[checked(LengthBytes + padded + (int)ordered.Sum(tensor => (long)tensor.Bytes.Length))];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)padded);
        header.CopyTo(file, LengthBytes);
        file.AsSpan(LengthBytes + header.Length, padded - header.Length).Fill((byte)' ');
        int at = LengthBytes + padded;
        foreach (SafeTensor tensor in ordered)
        {
            tensor.Bytes.Span.CopyTo(file.AsSpan(at));
            at += tensor.Bytes.Length;
        }

        return file;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="source">What the bytes are, for errors.</param>
    /// <exception cref="DataFormatException">The bytes are not a safetensors file as described above.</exception>
    public static SafetensorsFile Read(ReadOnlySpan<byte> file, string source = "safetensors")
    {
        if (file.Length < LengthBytes)
        {
            throw new DataFormatException(source, "byte 0", $"at least {LengthBytes} bytes", $"{file.Length}");
        }

        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (headerLength > LargestHeader)
        {
            throw new DataFormatException(
                source, "byte 0", $"a header of at most {LargestHeader} bytes", $"{headerLength}");
        }

        int dataStart = LengthBytes + (int)headerLength;
        if (file.Length < dataStart)
        {
            throw new DataFormatException(
                source,
                $"byte {LengthBytes}",
                $"a file of at least {dataStart} bytes (its header's end)",
                $"{file.Length}");
        }

        using JsonDocument header = ParseHeader(file[LengthBytes..dataStart].ToArray(), source);
        return SafetensorsHeader.Read(header.RootElement, file[dataStart..], dataStart, source);
    }

    private static JsonDocument ParseHeader(byte[] header, string source)
    {
        try
        {
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(header);
            return JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 4 });
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            throw new DataFormatException(source, $"byte {LengthBytes}", "a JSON header", "something else", e);
        }
    }

    private static void Check(SafeTensor[] tensors)
    {
        HashSet<string> names = [];
        foreach (SafeTensor tensor in tensors)
        {
            if (tensor.Name is "" or MetadataName || !names.Add(tensor.Name))
            {
                throw new ArgumentException(
                    $"Expected names that differ and are not reserved, got '{tensor.Name}'.", nameof(tensors));
            }

            long expected = tensor.Length * SafeTensor.SizeOf(tensor.Type);
            if (tensor.Shape.Any(size => size < 0) || tensor.Bytes.Length != expected)
            {
                throw new ArgumentException(
                    $"Tensor '{tensor.Name}': expected {expected} bytes for {tensor.Type} {Shapes.Text(tensor.Shape)}, "
                    + $"got {tensor.Bytes.Length}.",
                    nameof(tensors));
            }
        }
    }

    private static byte[] Header(SafeTensor[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter json = new(buffer);
        json.WriteStartObject();
        if (metadata is { Count: > 0 })
        {
            json.WriteStartObject(MetadataName);
            foreach ((string name, string text) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(name, text);
            }

            json.WriteEndObject();
        }

        long offset = 0;
        foreach (SafeTensor tensor in tensors)
        {
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", tensor.Type.ToString());
            json.WriteStartArray("shape");
            foreach (int size in tensor.Shape)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(offset);
            json.WriteNumberValue(offset += tensor.Bytes.Length);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
