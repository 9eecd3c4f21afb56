using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Research.Federation.Scoring;

/// <summary>
/// The public, reproducible choices of a scoring, drawn from a value that nobody knew at commit time.
/// </summary>
/// <remarks>
/// Block i of the stream is SHA-256(beacon ‖ purpose ‖ i), i a 64-bit big-endian counter. Bounded integers are drawn by
/// rejection, permutations by Fisher and Yates (Knuth, TAOCP vol. 2, algorithm 3.4.2P), so every outcome is equally
/// likely.
/// </remarks>
internal sealed class Beacon
{
    private readonly byte[] _input;
    private readonly int _counterOffset;
    private readonly byte[] _block = new byte[SHA256.HashSizeInBytes];
    private ulong _counter;
    private int _used = SHA256.HashSizeInBytes;

    public Beacon(ReadOnlySpan<byte> value, string purpose)
    {
        byte[] label = System.Text.Encoding.UTF8.GetBytes(purpose);
        _counterOffset = value.Length + label.Length;
        _input = [.. value, .. label, .. new byte[sizeof(ulong)]];
    }

    /// <summary>Permutes <paramref name="items"/> uniformly.</summary>
    public void Shuffle(Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private int Below(int bound)
    {
        uint limit = uint.MaxValue - (uint.MaxValue % (uint)bound);
        uint drawn = Next();
        while (drawn >= limit)
        {
            drawn = Next();
        }

        return (int)(drawn % (uint)bound);
    }

    private uint Next()
    {
        if (_used == _block.Length)
        {
            BinaryPrimitives.WriteUInt64BigEndian(_input.AsSpan(_counterOffset), _counter++);
            SHA256.HashData(_input, _block);
            _used = 0;
        }

        uint value = BinaryPrimitives.ReadUInt32BigEndian(_block.AsSpan(_used));
        _used += sizeof(uint);
        return value;
    }
}
