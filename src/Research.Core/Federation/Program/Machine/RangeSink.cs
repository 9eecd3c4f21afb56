namespace Research.Federation.Program.Machine;

/// <summary>Keeps a part of a trace.</summary>
/// <param name="address">Its first byte.</param>
/// <param name="count">How many bytes.</param>
internal sealed class RangeSink(long address, int count) : ITraceSink
{
    /// <summary>Gets the bytes; zero where nothing came.</summary>
    public byte[] Bytes { get; } = new byte[count];

    public bool Wants(long from, long bytes) => from < address + count && from + bytes > address;

    public void Take(long from, ReadOnlySpan<byte> leaves)
    {
        long start = Math.Max(from, address);
        long end = Math.Min(from + leaves.Length, address + count);
        if (end > start)
        {
            leaves[(int)(start - from)..(int)(end - from)].CopyTo(Bytes.AsSpan((int)(start - address)));
        }
    }
}
