using System.Buffers.Binary;
using Research.Federation.Program;
using Research.Federation.Scoring;
using Research.Federation.Trace;
using Research.Tests.Federation.Evaluation;

namespace Research.Tests.Federation.Program;

/// <summary>What a round's trace has of its roster: entries, order, and buckets.</summary>
public sealed class RosterPartTests : IDisposable
{
    private const int Reveals = 19;
    private const int Buckets = 5;

    private static readonly Roster Roster = new([.. Enumerable.Range(0, Reveals).Select(i => new RosterEntry(
        Enumerable.Repeat((byte)(i + 1), 20).ToArray(), default, 21_000_000 - (i % 4)))]);

    private readonly RoundTrace _trace = TinyTasks.Score(TinyTasks.All["median"], Reveals, roster: Roster).Trace;

    private int Seats => _trace.Seats;

    public void Dispose() => _trace.Dispose();

    // As a chain that has one word of the round holds somebody to them: from the last reveal to the first.
    [Fact]
    public void Entries_FromTheChainsWordOn_HoldToEachOther()
    {
        byte[] word = Roster.Head.ToArray();
        for (int index = Reveals - 1; index >= 0; index--)
        {
            byte[] entry = Entry(_trace, Seats - 1 - index);

            Assert.Equal(word, PlainRecords.Keccak(entry)[..24]);
            Assert.Equal(index, BinaryPrimitives.ReadInt64BigEndian(entry.AsSpan(24)));
            Assert.Equal(Roster.Entries[index].Participant.ToArray(), entry[44..64]);
            Assert.Equal(Roster.Entries[index].Committed, BinaryPrimitives.ReadInt64BigEndian(entry.AsSpan(120)));
            word = entry[..24];
        }

        Assert.Equal(new byte[24], word);
        for (int seat = 0; seat < Seats - Reveals; seat++)
        {
            Assert.Equal(new byte[128], Entry(_trace, seat));
        }
    }

    [Fact]
    public void Entries_OfNobody_AreZeros()
    {
        using RoundTrace trace = TinyTasks.Score(TinyTasks.All["median"], 0).Trace;

        Assert.Equal(16, trace.Seats);
        for (int seat = 0; seat < trace.Seats; seat++)
        {
            Assert.Equal(new byte[128], Entry(trace, seat));
            Assert.Equal(0, trace.ReadNumber(trace.PointsAddress(seat)));
        }

        Assert.Equal(0, trace.ReadNumber(trace.TotalAddress));
    }

    // An entry is not computed: it is opened as what the reveals say, and reads the one before it.
    [Fact]
    public void Step_AnEntry_ReadsTheOneBeforeItInTheTrace()
    {
        TraceStep first = _trace.Step(0);
        TraceStep last = _trace.Step((128 * (Seats - 1)) + 40);

        Assert.True(first.IsRight && last.IsRight);
        Assert.Equal(("Entry", -1L), (first.Kind, first.Operands[0].Address));
        Assert.Equal(128 * (Seats - 2), last.Operands[0].Address);
        Assert.Equal(Convert.ToHexStringLower(Roster.EntryOf(0)), last.Output);
    }

    [Fact]
    public void Order_OfEachReveal_IsItsBlockThenItsIndex()
    {
        for (int index = 0; index < Reveals; index++)
        {
            Assert.Equal((Roster.Entries[index].Committed * 65536) + index, Number("order", Seats - 1 - index));
        }
    }

    [Fact]
    public void Bucket_OfEachReveal_IsThatOfItsIndex()
    {
        int[] dealt = Research.Federation.Aggregation.Buckets.Deal(TinyTasks.All["median"], 0, Reveals, Buckets);

        for (int index = 0; index < Reveals; index++)
        {
            Assert.Equal(dealt[index], Number("bucket", Seats - 1 - index));
        }
    }

    private static byte[] Entry(RoundTrace trace, int seat) => trace.Read(128L * seat, 128);

    private long Number(string name, int seat)
    {
        Step step = _trace.Program.Draft.Steps.Single(one => one.Name == name);
        return _trace.ReadNumber(step.Address.At(Seats / 16) + (seat * step.Parent.Stride.At(Seats / 16)));
    }
}
