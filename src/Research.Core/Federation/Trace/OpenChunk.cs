namespace Research.Federation.Trace;

/// <summary>A chunk of leaves that calls from several threads fill.</summary>
/// <param name="count">Leaves of the chunk.</param>
internal sealed class OpenChunk(int count)
{
    private readonly TreeHash[] _leaves = new TreeHash[count];
    private readonly bool[] _present = new bool[count];
    private readonly Lock _lock = new();
    private int _missing = count;

    /// <summary>Gets the leaves; once the chunk is full nobody writes them.</summary>
    public ReadOnlySpan<TreeHash> Leaves => _leaves;

    /// <summary>Gets the first leaf that is not there; −1 if the chunk is full.</summary>
    public int FirstMissing
    {
        get
        {
            lock (_lock)
            {
                return Array.IndexOf(_present, false);
            }
        }
    }

    /// <summary>Takes leaves; if one of them is there already it takes none.</summary>
    /// <returns>The first leaf that is there already, or −1; and whether this call has filled the chunk.</returns>
    public (int Duplicate, bool Full) Add(int offset, ReadOnlySpan<TreeHash> leaves)
    {
        lock (_lock)
        {
            Span<bool> present = _present.AsSpan(offset, leaves.Length);
            int duplicate = present.IndexOf(true);
            if (duplicate >= 0)
            {
                return (offset + duplicate, false);
            }

            present.Fill(true);
            leaves.CopyTo(_leaves.AsSpan(offset));
            _missing -= leaves.Length;
            return (-1, _missing == 0);
        }
    }
}
