namespace Research.Storage;

/// <summary>Bytes of unknown number: memory grows with what came, whatever was announced.</summary>
internal sealed class GrowingBytes
{
    private const int FirstBytes = 64 << 10;

    private byte[] _bytes = [];

    /// <summary>Gets how many came.</summary>
    public int Length { get; private set; }

    /// <summary>Gets those that came.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Gets room for at least one more.</summary>
    /// <param name="most">How many there can be; above <see cref="Length"/>.</param>
    public Memory<byte> Room(long most)
    {
        if (Length == _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(most, Math.Max(FirstBytes, 2L * Length)));
        }

        return _bytes.AsMemory(Length);
    }

    /// <summary>Counts bytes that were put into the room.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Forgets all of them.</summary>
    public void Clear() => Length = 0;

    /// <summary>Gets them as an array of their own, which may be the one they are in.</summary>
    public byte[] ToArray()
    {
        Array.Resize(ref _bytes, Length);
        return _bytes;
    }
}
