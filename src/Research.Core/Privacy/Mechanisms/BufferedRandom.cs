using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Research.Privacy.Mechanisms;

/// <summary>Hands out bytes from a buffer, and refills it with ChaCha when it is used up.</summary>
internal sealed class BufferedRandom(BufferedRandom.Refill refill)
{
    // Large enough that drawing a key costs little, small enough for a first-level cache.
    private const int BufferChunks = 16;
    private const int BufferBytes = BufferChunks * ChaCha.ChunkWords * sizeof(uint);

    private readonly uint[] _buffer = new uint[BufferChunks * ChaCha.ChunkWords];
    private int _used = BufferBytes;

    public delegate void Refill(Span<uint> buffer);

    public void Fill(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (_used == BufferBytes)
            {
                refill(_buffer);
                _used = 0;
            }

            int count = Math.Min(destination.Length, BufferBytes - _used);
            Span<byte> next = MemoryMarshal.AsBytes(_buffer.AsSpan()).Slice(_used, count);
            next.CopyTo(destination);
            next.Clear(); // What was handed out is not kept: it would undo the noise it made.
            _used += count;
            destination = destination[count..];
        }
    }

    /// <summary>Overwrites a buffer with whole chunks of a key's stream, its words in little-endian order.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="firstChunk">Number of the first chunk.</param>
    /// <param name="buffer">A whole number of chunks.</param>
    /// <returns>Number of the next chunk.</returns>
    public static ulong WriteChunks(ReadOnlySpan<byte> key, ulong firstChunk, Span<uint> buffer)
    {
        Span<uint> words = stackalloc uint[ChaCha.KeyWords];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(i * sizeof(uint))..]);
        }

        for (int at = 0; at < buffer.Length; at += ChaCha.ChunkWords)
        {
            ChaCha.Write(words, firstChunk++, buffer.Slice(at, ChaCha.ChunkWords));
        }

        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(buffer, buffer);
        }

        words.Clear();
        return firstChunk;
    }
}
