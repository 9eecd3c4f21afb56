using System.Buffers.Binary;
using Research.Federation.Program;
using Research.Federation.Trace;

namespace Research.Federation.Scoring;

/// <summary>Who takes part in a round, as its market keeps it: a hash chain over the reveals.</summary>
/// <remarks>
/// A reveal's entry has 128 bytes: the chain before it (24 bytes), its index (8), participant, root of its update and block
/// of its commitment (32 each). The chain after it is the first 24 bytes of keccak-256 of its entry. Source:
/// contracts/SCORING.md, section Records.
/// </remarks>
public sealed class Roster
{
    /// <summary>The bytes of the chain's word.</summary>
    public const int HeadBytes = 24;

    private readonly byte[] _entries;

    /// <summary>Chains entries.</summary>
    /// <param name="entries">The reveals, by index.</param>
    /// <exception cref="ArgumentException">A participant's address has not 20 bytes.</exception>
    public Roster(IReadOnlyList<RosterEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        Entries = [.. entries];
        _entries = new byte[entries.Count * Step.Leaf];
        byte[] hash = new byte[KeccakLanes.DigestBytes];
        for (int index = 0; index < entries.Count; index++)
        {
            Span<byte> entry = _entries.AsSpan(index * Step.Leaf, Step.Leaf);
            Write(entries[index], hash.AsSpan(0, HeadBytes), index, entry);
            KeccakLanes.HashLeaves(entry, hash);
        }

        Head = hash.AsMemory(0, HeadBytes);
    }

    /// <summary>Gets the reveals, by index.</summary>
    public IReadOnlyList<RosterEntry> Entries { get; }

    /// <summary>Gets how many reveals there are.</summary>
    public int Count => Entries.Count;

    /// <summary>Gets the chain's last word, 24 bytes: what the market keeps; zero where nobody revealed.</summary>
    public ReadOnlyMemory<byte> Head { get; }

    /// <summary>Gets the roster of a round that was never on a chain: who they are and what they committed to is zero, and
    /// they committed in the order given.</summary>
    /// <param name="order">The indices, the earliest commitment first.</param>
    internal static Roster Of(IReadOnlyList<int> order)
    {
        RosterEntry[] entries = new RosterEntry[order.Count];
        for (int place = 0; place < entries.Length; place++)
        {
            entries[order[place]] = new RosterEntry(new byte[RosterEntry.AddressBytes], default, place);
        }

        return new Roster(entries);
    }

    /// <summary>Gets an entry's 128 bytes.</summary>
    internal ReadOnlySpan<byte> EntryOf(int index) => _entries.AsSpan(index * Step.Leaf, Step.Leaf);

    private static void Write(RosterEntry entry, ReadOnlySpan<byte> head, int index, Span<byte> to)
    {
        if (entry.Participant.Length != RosterEntry.AddressBytes)
        {
            throw new ArgumentException(
                $"Expected {RosterEntry.AddressBytes} bytes of an address, got {entry.Participant.Length}.", nameof(entry));
        }

        head.CopyTo(to);
        BinaryPrimitives.WriteInt64BigEndian(to[RosterPart.IndexAt..], index);
        entry.Participant.Span.CopyTo(to[44..]);
        entry.UpdateRoot.CopyTo(to[64..]);
        BinaryPrimitives.WriteInt64BigEndian(to[RosterPart.BlockAt..], entry.Committed);
    }
}

/// <summary>A reveal, as a roster has it.</summary>
/// <param name="Participant">The participant's address, 20 bytes.</param>
/// <param name="UpdateRoot">The root of its update.</param>
/// <param name="Committed">The block of its commitment: who committed earlier is decided by it, and within a block by the
/// index.</param>
public sealed record RosterEntry(ReadOnlyMemory<byte> Participant, TreeHash UpdateRoot, long Committed)
{
    /// <summary>The bytes of an address.</summary>
    public const int AddressBytes = 20;
}
