using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Research.Privacy.Sums;

namespace Research.Privacy.Mechanisms;

/// <summary>Uniform words for one consumer, in chunks that several threads may read in any order.</summary>
/// <remarks>
/// <see cref="ChaCha"/> under a key drawn from a source. Forward secrecy: under a cryptographic source every
/// <see cref="Advance"/> overwrites the key with a fresh one, so what is in memory does not tell the words handed out
/// before, and a place can never be read twice by setting <see cref="Position"/>. A seeded stream keeps its key: key
/// and position are then all its state, and a run that restores the position goes on with the same bits. A
/// cryptographic stream is never stored; a resumed run draws a fresh key.
/// </remarks>
internal sealed class KeyStream
{
    /// <summary>64-bit words of a chunk.</summary>
    public const int ChunkWords = ChaCha.ChunkWords / 2;

    private readonly RandomSource _source;
    private readonly uint[] _key = GC.AllocateArray<uint>(ChaCha.KeyWords, pinned: true); // Never copied by the GC.

    public KeyStream(RandomSource source)
    {
        _source = source;
        DrawKey();
    }

    /// <summary>Gets or sets the number of chunks used so far.</summary>
    public ulong Position { get; set; }

    /// <summary>Writes the chunk that lies <paramref name="offset"/> chunks ahead; safe for concurrent use.</summary>
    /// <param name="offset">Chunks from <see cref="Position"/> on.</param>
    /// <param name="words">128 words.</param>
    public void Read(uint offset, Span<ulong> words) => ChaCha.Write(_key, Position + offset, words);

    /// <summary>
    /// Adds to values, on a grid, the samples that chunks make; safe for concurrent use.
    /// </summary>
    /// <param name="values">Any length; the samples left over in the last chunk are dropped.</param>
    /// <param name="offset">Chunks from <see cref="Position"/> on.</param>
    /// <param name="grid">Deviation and grid.</param>
    public void AddNoise(Span<float> values, uint offset, in NoiseGrid grid) =>
        NoiseKernel.Add(_key, Position + offset, values, grid);

    /// <summary>Adds to whole sums the samples that chunks make; safe for concurrent use.</summary>
    /// <param name="sums">Any length, in grid steps.</param>
    /// <param name="noisy">Receives the noisy sums.</param>
    /// <param name="offset">Chunks from <see cref="Position"/> on.</param>
    /// <param name="grid">The lattice of the sums.</param>
    public void AddNoise(ReadOnlySpan<long> sums, Span<float> noisy, uint offset, in SumGrid grid) =>
        NoiseKernel.Add(_key, Position + offset, sums, noisy, grid.NoiseSteps, grid.NoiseStep);

    /// <summary>Moves past chunks that were read; not while others read.</summary>
    /// <param name="chunks">Their number.</param>
    public void Advance(uint chunks)
    {
        Position += chunks;
        if (_source.IsCryptographic)
        {
            DrawKey();
        }
    }

    private void DrawKey()
    {
        _source.Fill(MemoryMarshal.AsBytes(_key.AsSpan()));
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(_key, _key);
        }
    }
}
