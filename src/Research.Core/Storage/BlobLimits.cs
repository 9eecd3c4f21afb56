namespace Research.Storage;

/// <summary>What every store holds to.</summary>
public static class BlobLimits
{
    /// <summary>The largest blob that is read or written, in bytes.</summary>
    public const int MostBytes = 1 << 30;

    /// <summary>Throws for what is too large to be stored.</summary>
    /// <exception cref="ArgumentException">It has more bytes.</exception>
    internal static void Require(ReadOnlyMemory<byte> content)
    {
        if (content.Length > MostBytes)
        {
            throw new ArgumentException($"Expected at most {MostBytes} bytes; got {content.Length}.", nameof(content));
        }
    }
}
