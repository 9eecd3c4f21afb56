using System.Buffers.Binary;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Federation.Trace;

namespace Research.Tests.Chain.Contracts;

/// <summary>Terms for tests, and the trees over what they commit to: updates, keys, rounds and results.</summary>
internal static class RoundTrees
{
    public const int ChunkBytes = 128 << ChunkLevel;

    private const int ChunkLevel = 7;
    private const int LeafBytes = 128;

    /// <summary>Gets terms of a pool of 10 ETH, with windows of 1000 seconds.</summary>
    public static Terms Offer(ushort rounds, Delivery delivery) => new()
    {
        Pool = Wei.FromEther("10"),
        Stake = Wei.FromEther("0.5"),
        Bond = Wei.FromEther("0.2"),
        AuditFee = Wei.FromEther("0.3"),
        SpecHash = Hash(42),
        ProgramRoot = Hash(43),
        CommitSeconds = 1000,
        RevealSeconds = 1000,
        AnswerSeconds = delivery == Delivery.Demand ? 1000U : 0,
        OpenSeconds = 1000,
        ScoreSeconds = 1000,
        RefuteSeconds = 1000,
        Rounds = rounds,
        Delivery = delivery,
        UpdateBytes = 400,
        Keys = 2,
    };

    public static Bytes32 Hash(byte seed) => Keccak256.Hash([seed]);

    public static byte[] Bytes(int seed, int count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static Bytes32 Root(ReadOnlySpan<byte> bytes) => new(LeafTree.Root(bytes).ToArray());

    /// <summary>Gets a piece of 128 leaves and the hashes beside its subtree.</summary>
    public static (byte[] Data, Bytes32[] Siblings) Piece(byte[] bytes, int chunk) =>
        (bytes[(chunk * ChunkBytes)..Math.Min(bytes.Length, (chunk + 1) * ChunkBytes)],
            [.. Siblings(bytes, chunk << ChunkLevel).Skip(ChunkLevel)]);

    public static Bytes32[] Siblings(byte[] bytes, int leaf) =>
        [.. LeafTree.Path(bytes, leaf).Select(sibling => new Bytes32(sibling.ToArray()))];

    /// <summary>Gets the leaves over keys of 32 bytes, each alone in one.</summary>
    public static byte[] KeyLeaves(byte[] keys) =>
        [.. keys.Chunk(Bytes32.Length).SelectMany(key => key.Concat(new byte[LeafBytes - Bytes32.Length]))];

    /// <summary>Gets what a round is scored by, with a trace of 1,024 bytes and 128 more for each 16 seats.</summary>
    public static RoundProof Proof(Bytes32 code, Bytes32 records, params IReadOnlyList<Bytes32> siblings)
    {
        byte[] layout = new byte[32];
        BinaryPrimitives.WriteInt64BigEndian(layout, 1024);
        BinaryPrimitives.WriteInt64BigEndian(layout.AsSpan(8), 128);
        return new RoundProof(code, Hash(201), new Bytes32(layout), records, Hash(202), siblings);
    }

    /// <summary>Gets the leaf of a round's program, records, keys and first model.</summary>
    public static byte[] RoundLeaf(Bytes32 code, Bytes32 records, byte[] keys)
    {
        RoundProof proof = Proof(code, records);
        Bytes32 program = Keccak256.Hash(
            [.. proof.Code.ToArray(), .. proof.Constants.ToArray(), .. proof.Layout.ToArray()]);
        return
        [
            .. program.ToArray(),
            .. records.ToArray(),
            .. Root(KeyLeaves(keys)).ToArray(),
            .. proof.Initial.ToArray(),
        ];
    }

    /// <summary>Gets the leaves over a round's results.</summary>
    public static byte[] ResultLeaves(IEnumerable<Reward> rewards) =>
    [
        .. rewards.SelectMany(reward => (byte[])
        [
            .. ContractConnection.ToWord((ulong)reward.Index).ToArray(),
            .. new byte[12],
            .. reward.Participant.ToArray(),
            .. ContractConnection.ToWord(reward.Points).ToArray(),
            .. new byte[32],
        ]),
    ];
}
