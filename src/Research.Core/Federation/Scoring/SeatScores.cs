using System.Buffers.Binary;
using Research.Federation.Program;
using Research.Federation.Program.Machine;
using Research.Federation.Trace;

namespace Research.Federation.Scoring;

/// <summary>Reads what each seat's steps gave.</summary>
/// <param name="trace">The trace.</param>
/// <param name="updates">The updates.</param>
/// <param name="unit">The deviation of an honest update's signal.</param>
/// <param name="cap">The cap in that unit; 0 where nobody earns.</param>
internal sealed class SeatScores(RoundTrace trace, SeatUpdates updates, double unit, double cap)
{
    private readonly RewardPart _reward = trace.Program.Reward;
    private readonly ScoringMachine _machine = trace.Machine;

    /// <summary>Gets the score of a reveal.</summary>
    public ParticipantScore Of(int index)
    {
        int seat = trace.Seats - 1 - index; // They are seated from the last.
        long energy = One(_reward.Energy, seat);
        double signal = One(_reward.Signal, seat) / unit;
        double length = One(_reward.Length, seat);
        long own = One(_reward.Own, seat);
        long points = One(_reward.Points, seat);
        Verdict verdict = VerdictOf(seat, points);
        return new ParticipantScore(index, points, verdict)
        {
            Signal = signal,
            Threshold = One(_reward.Threshold, seat) / unit,
            Unpaid = trace.Program.Numbers.Unpaid / unit,
            Share = cap > 0 ? signal / cap : 0,
            Noise = energy / (double)Math.Max(1, trace.Program.Numbers.LeastEnergy),
            Counted = length > 0 ? Math.Min(1, _machine.ValueOf(_reward.Most) / length) : 1,
            Explained = energy > 0 && verdict != Verdict.LacksNoise ? Math.Clamp(1 - (own / (double)energy), 0, 1) : 0,
            CopyOf = verdict == Verdict.SameWork ? trace.Seats - 1 - MostAlike(seat) : null,
            Problem = updates.ProblemOf(index),
        };
    }

    private long One(Step step, int seat) => _machine.ValueOf(step, 0, seat);

    private Verdict VerdictOf(int seat, long points) =>
        points > 0 ? Verdict.Paid
        : updates.ProblemOf(trace.Seats - 1 - seat) is not null ? Verdict.Missing
        : One(_reward.Length, seat) == 0 ? Verdict.Empty
        : cap == 0 ? Verdict.RoundCannotTell
        : One(_reward.Stands, seat) > 0 && One(_reward.Alone, seat) > 0 ? Verdict.SameWork
        : One(_reward.HasNoise, seat) == 0 ? Verdict.LacksNoise
        : One(_reward.Signal, seat) <= 0 ? Verdict.Harmful
        : Verdict.WithinNoise;

    // Of those who committed earlier and stand, the one whose work is most alike.
    private int? MostAlike(int seat)
    {
        ReadOnlySpan<byte> cosines = Row(_reward.Cosines, seat);
        ReadOnlySpan<byte> earlier = Row(_reward.Earlier, seat);
        (long Cosine, int? Seat) most = (-1, null);
        for (int other = 0; other < trace.Seats; other++)
        {
            long cosine = Math.Abs(BinaryPrimitives.ReadInt64BigEndian(cosines[(other * sizeof(long))..]));
            if (cosine > most.Cosine && BinaryPrimitives.ReadInt64BigEndian(earlier[(other * sizeof(long))..]) > 0)
            {
                most = (cosine, other);
            }
        }

        return most.Seat;
    }

    private byte[] Row(Step step, int seat)
    {
        long blocks = trace.Seats / Extent.SeatBlock;
        return trace.Read(
            step.Address.At(blocks) + (seat * _reward.Pairs.Stride.At(blocks)), trace.Seats * sizeof(long));
    }
}
