using System.Numerics;
using Research.Federation.Trace;
using Research.Tests.Federation.Evaluation;

namespace Research.Tests.Federation.Program.Plain;

/// <summary>A round's reveals as the chain keeps them: each entry holds the roster before it.</summary>
internal sealed class PlainRoster
{
    private readonly List<byte[]> _entries = [];
    private readonly Dictionary<string, byte[]> _byRoster = [];

    public PlainRoster(IEnumerable<(byte[] Participant, TreeHash Root, long Block)> reveals)
    {
        foreach ((byte[] participant, TreeHash root, long block) in reveals)
        {
            byte[] entry =
            [
                .. Roster,
                .. PlainRecords.Word(_entries.Count).AsSpan(24),
                .. PlainRecords.Word(new BigInteger(participant, isUnsigned: true, isBigEndian: true)),
                .. root.ToArray(),
                .. PlainRecords.Word(block),
            ];
            Assert.Equal(128, entry.Length);
            _entries.Add(entry);
            Roster = PlainRecords.Keccak(entry)[..24];
            _byRoster.Add(Convert.ToHexString(Roster), entry);
        }
    }

    /// <summary>Gets how many reveals there are.</summary>
    public int Count => _entries.Count;

    /// <summary>Gets what stands on chain, 24 bytes.</summary>
    public byte[] Roster { get; private set; } = new byte[24];

    public IReadOnlyList<byte[]> Entries => _entries;

    public static int Seats(int reveals) => 16 * Math.Max(1, (reveals + 15) / 16);

    /// <summary>Gets the entry of whose keccak some bytes are the first.</summary>
    public byte[] Before(ReadOnlySpan<byte> roster) => _byRoster[Convert.ToHexString(roster)];
}
