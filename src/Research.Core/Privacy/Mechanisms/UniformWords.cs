using System.Numerics;

namespace Research.Privacy.Mechanisms;

/// <summary>Uniform whole numbers below any bound, from a key stream of their own.</summary>
internal sealed class UniformWords
{
    private readonly KeyStream _stream;
    private readonly ulong[] _words = GC.AllocateArray<ulong>(KeyStream.ChunkWords, pinned: true);
    private int _used = KeyStream.ChunkWords;

    /// <summary>Takes a stream that nothing else reads.</summary>
    public UniformWords(RandomSource source) => _stream = new KeyStream(source);

    /// <summary>Gets 64 uniform bits.</summary>
    public ulong Next()
    {
        if (_used == _words.Length)
        {
            _stream.Read(0, _words);
            _stream.Advance(1);
            _used = 0;
        }

        ulong word = _words[_used];
        _words[_used++] = 0; // What was handed out is not kept.
        return word;
    }

    /// <summary>Gets a uniform number in [0, bound), by rejection: exactly.</summary>
    /// <param name="bound">Above 0.</param>
    public BigInteger Below(BigInteger bound)
    {
        if (bound <= ulong.MaxValue)
        {
            return Below((ulong)bound);
        }

        int bits = (int)(bound - 1).GetBitLength();
        while (true)
        {
            BigInteger number = BigInteger.Zero;
            for (int have = 0; have < bits; have += 64)
            {
                number = (number << 64) | Next();
            }

            number &= (BigInteger.One << bits) - 1;
            if (number < bound)
            {
                return number;
            }
        }
    }

    private ulong Below(ulong bound)
    {
        // A mask of as many bits as bound − 1 has: fewer than half are rejected.
        ulong mask = ulong.MaxValue >> BitOperations.LeadingZeroCount((bound - 1) | 1);
        while (true)
        {
            ulong number = Next() & mask;
            if (number < bound)
            {
                return number;
            }
        }
    }
}
