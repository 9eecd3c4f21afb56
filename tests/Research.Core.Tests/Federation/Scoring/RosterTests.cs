using System.Buffers.Binary;
using Research.Federation.Scoring;
using Research.Federation.Trace;
using Research.Tests.Federation.Evaluation;

namespace Research.Tests.Federation.Scoring;

public sealed class RosterTests
{
    private static readonly RosterEntry[] Three =
    [
        new(Bytes(20, 1), new TreeHash(Bytes(32, 2)), 17),
        new(Bytes(20, 3), new TreeHash(Bytes(32, 4)), long.MaxValue),
        new(Bytes(20, 1), default, 0),
    ];

    // Oracle: the text's entry, byte by byte, with Nethereum's keccak.
    [Fact]
    public void Head_OfThreeReveals_IsTheHashOfTheLastWhichHasThoseBeforeIt()
    {
        byte[] head = new byte[24];
        Roster roster = new(Three);

        for (int i = 0; i < Three.Length; i++)
        {
            byte[] entry =
            [
                .. head,
                .. PlainRecords.Word(i)[24..],
                .. new byte[12], .. Three[i].Participant.ToArray(),
                .. Three[i].UpdateRoot.ToArray(),
                .. PlainRecords.Word(Three[i].Committed),
            ];
            Assert.Equal(entry, roster.EntryOf(i).ToArray());
            head = PlainRecords.Keccak(entry)[..24];
            Assert.Equal(head, new Roster(Three[..(i + 1)]).Head.ToArray());
        }

        Assert.Equal(3, roster.Count);
        Assert.Equal(Three, roster.Entries);
    }

    [Fact]
    public void Head_OfNobody_IsZero()
    {
        Roster roster = new([]);

        Assert.Equal(0, roster.Count);
        Assert.Equal(new byte[24], roster.Head.ToArray());
    }

    [Fact]
    public void Head_OneByteOfOneRevealChanged_IsAnother()
    {
        ReadOnlyMemory<byte> head = new Roster(Three).Head;
        RosterEntry first = Three[0];
        RosterEntry[] others =
        [
            first with { Participant = Bytes(20, 9) },
            first with { UpdateRoot = default },
            first with { Committed = 18 },
            Three[1],
        ];

        Assert.All(others, other =>
            Assert.NotEqual(head.ToArray(), new Roster([other, .. Three[1..]]).Head.ToArray()));
    }

    [Fact]
    public void Of_AnOrderOfCommitments_HasTheirBlocks()
    {
        Roster roster = Roster.Of([2, 0, 1]);

        Assert.Equal([1, 2, 0], roster.Entries.Select(entry => entry.Committed));
        Assert.Equal(2, BinaryPrimitives.ReadInt64BigEndian(roster.EntryOf(2)[24..]));
    }

    [Theory]
    [InlineData(19)]
    [InlineData(32)]
    public void Constructor_WhatIsNoAddress_IsRefused(int bytes) =>
        Assert.Throws<ArgumentException>(() => new Roster([Three[0], Three[1] with { Participant = Bytes(bytes, 1) }]));

    [Fact]
    public void Constructor_Null_IsRefused() => Assert.Throws<ArgumentNullException>(() => new Roster(null!));

    private static byte[] Bytes(int count, byte one) => [.. Enumerable.Repeat(one, count)];
}
