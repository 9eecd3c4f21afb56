using System.IO.Compression;

namespace Research.Training.Data;

/// <summary>Opens a file, unpacking it if it is gzip whatever its name.</summary>
internal static class BoundedFile
{
    public static Stream Open(string path)
    {
        FileStream file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[2];
        bool isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1f, 0x8b];
        file.Position = 0;
        return isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Reads exactly as many bytes, or says how many there were.</summary>
    public static void ReadExactly(Stream stream, Span<byte> buffer, long offset, string source)
    {
        int count = Read(stream, buffer, source);
        if (count < buffer.Length)
        {
            throw new DataFormatException(
                source,
                $"byte {offset + count}",
                $"{offset + buffer.Length} bytes",
                $"{offset + count} (the file is cut off)");
        }
    }

    /// <summary>Throws if anything is left.</summary>
    public static void ExpectEnd(Stream stream, long offset, string source)
    {
        Span<byte> one = stackalloc byte[1];
        if (Read(stream, one, source) != 0)
        {
            throw new DataFormatException(source, $"byte {offset}", $"{offset} bytes", "more");
        }
    }

    private static int Read(Stream stream, Span<byte> buffer, string source)
    {
        try
        {
            return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(source, "the compressed stream", "gzip data", "something else", e);
        }
    }
}
