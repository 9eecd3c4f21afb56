using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Research.Privacy.Mechanisms;

/// <summary>Reproducible bytes from a seed, for tests and demonstrations. NOT PRIVATE.</summary>
/// <remarks>
/// Whoever knows or guesses the seed subtracts the noise and reads the gradients: an ε computed for a run that used
/// this source says nothing about that run. The same seed and stream give the same bytes on every platform: ChaCha20
/// under SHA-256 of a label, the seed (8 bytes, little-endian) and the stream's name (UTF-8).
/// </remarks>
public sealed class InsecureSeededRandom : RandomSource
{
    private const string Label = "research/insecure-seeded-random/2\n";

    private readonly byte[] _key;
    private readonly BufferedRandom _buffer;
    private readonly Dictionary<string, int> _forks = [];
    private ulong _nextChunk;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">Any number; the same one gives the same bytes.</param>
    /// <param name="stream">Name of the stream; streams of different names are independent.</param>
    /// <exception cref="ArgumentException"><paramref name="stream"/> is empty.</exception>
    public InsecureSeededRandom(ulong seed, string stream)
    {
        ArgumentException.ThrowIfNullOrEmpty(stream);
        Seed = seed;
        Stream = stream;

        byte[] text =
            [.. Encoding.ASCII.GetBytes(Label), .. new byte[sizeof(ulong)], .. Encoding.UTF8.GetBytes(stream)];
        BinaryPrimitives.WriteUInt64LittleEndian(text.AsSpan(Label.Length), seed);
        _key = SHA256.HashData(text);
        _buffer = new BufferedRandom(Refill);
    }

    /// <summary>Gets the seed.</summary>
    public ulong Seed { get; }

    /// <summary>Gets the stream's name.</summary>
    public string Stream { get; }

    /// <inheritdoc/>
    public override bool IsCryptographic => false;

    /// <inheritdoc/>
    public override void Fill(Span<byte> destination) => _buffer.Fill(destination);

    /// <inheritdoc/>
    public override RandomSource Fork(string purpose)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        int earlier = _forks.GetValueOrDefault(purpose);
        _forks[purpose] = earlier + 1;
        return new InsecureSeededRandom(
            Seed, string.Create(CultureInfo.InvariantCulture, $"{Stream}/{purpose}#{earlier}"));
    }

    private void Refill(Span<uint> buffer) => _nextChunk = BufferedRandom.WriteChunks(_key, _nextChunk, buffer);
}
