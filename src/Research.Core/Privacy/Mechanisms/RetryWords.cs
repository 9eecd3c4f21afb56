namespace Research.Privacy.Mechanisms;

/// <summary>The further words of one sample, for the few that need more than one.</summary>
/// <remarks>
/// Words of the key's own stream at places that depend on the sample's place alone: block 2⁶³ + 16·place and on, where
/// the samples' first words end below block 2⁶³. So a sample is a function of key and place, whoever draws it. A sample
/// that needs more than 16 blocks, 128 words, would go on in those of its neighbour: its probability is below 2⁻⁵⁰⁰.
/// </remarks>
internal ref struct RetryWords : IWords
{
    private const ulong FirstBlock = 1UL << 63;
    private const int BlocksEach = 16;
    private const int WordsEach = 8;

    private readonly ReadOnlySpan<uint> _key;
    private readonly Span<uint> _block; // [16, 16]: word w of the block at 16w.
    private ulong _next;
    private int _used;

    /// <summary>Starts at a sample's place.</summary>
    /// <param name="key">8 words.</param>
    /// <param name="place">Number of the sample, below 2⁵⁹.</param>
    /// <param name="block">256 words of work space; holds secrets afterwards.</param>
    public RetryWords(ReadOnlySpan<uint> key, ulong place, Span<uint> block)
    {
        _key = key;
        _block = block;
        _next = FirstBlock + (place * BlocksEach);
        _used = WordsEach;
    }

    public ulong Next()
    {
        if (_used == WordsEach)
        {
            ChaCha.WriteBlock(_key, _next++, _block);
            _used = 0;
        }

        int at = 2 * ChaCha.ChunkBlocks * _used++;
        return _block[at] | ((ulong)_block[at + ChaCha.ChunkBlocks] << 32);
    }
}
