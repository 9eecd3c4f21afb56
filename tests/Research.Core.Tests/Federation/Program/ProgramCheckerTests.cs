using Research.Federation.Program;

namespace Research.Tests.Federation.Program;

public sealed class ProgramCheckerTests
{
    private static readonly IReadOnlyList<ProgramRecord> Records =
        ProgramCode.Of(ScoringProgram.Of(TinyTasks.All["perceptron"], 1)).Records;

    public static TheoryData<string> Forgeries => [.. Forged.Keys];

    private static IReadOnlyDictionary<string, Func<ProgramRecord, ProgramRecord?>> Forged { get; } =
        new Dictionary<string, Func<ProgramRecord, ProgramRecord?>>
        {
            ["a gap"] = one => one with { Start = one.Start + 128 },
            ["an overlap"] = one => one.Start == 0 ? null : one with { Start = one.Start - 128 },
            ["a gap that grows with the seats"] = one => one with { Start = one.Start + new Polynomial(0, 128) },
            ["an output wider than its place"] = one => one.Width == 32 ? null : one with { Width = 2 * one.Width },
            ["a longer array"] = one => Loops(one, loop => loop.Extent.IsSeats ? loop : loop with { Extent = loop.Extent.Constant + 4096 }),
            ["a loop that stands still"] = one => Loops(one, loop => loop with { Stride = 0 }),
            ["a loop around that stands still"] = one => one.Around == 0 ? null : one with
            {
                Loops = [one.Loops[0] with { Stride = 0 }, .. one.Loops.Skip(1)],
            },
            ["fewer parts than a run has"] = one => one.Kind is not (StepKind.Dot or StepKind.Sum) ? null : one with { Length = one.Length + 256 },
            ["an input that the trace is reached by"] = one => Operands(one, operand => operand with { Tree = -1, TreeLoop = 0 }),
            ["a first operand before the trace"] = one => Operands(
                one, operand => operand.CarriedAlong is null ? operand with { Start = -128 } : operand with { First = -128 }),
            ["a loop that is not around"] = one => one.Around == 0 ? null : one with { Around = one.Around - 1 },
            ["an operand that comes later"] = one => Operands(one, operand => operand with { Start = one.Start + 1024 }),
            ["an operand that comes later with the seats"] = one =>
                Operands(one, operand => operand with { Start = operand.Start + new Polynomial(0, 1L << 30) }),
            ["its own output"] = one => Operands(one, operand => operand.CarriedAlong is null ? operand with { Start = one.Start } : operand with { CarriedAlong = null, Start = one.Start }),
            ["an operand before the trace"] = one => Operands(one, operand => operand with { Start = operand.Start - (1L << 40) }),
        };

    [Fact]
    public void Check_Derived_HoldsForEveryNumberOfSeats()
    {
        Polynomial bytes = ProgramChecker.Check(Records);

        Assert.True(bytes.At(1) > 0);
        Assert.True(bytes.At(Extent.MostSeats / Extent.SeatBlock) > bytes.At(1));
    }

    // Of each kind of forgery one in every record where it can be: none may pass, whatever the record.
    [Theory]
    [MemberData(nameof(Forgeries))]
    public void Check_Forged_IsRefused(string forgery)
    {
        int forged = 0;
        for (int i = 0; i < Records.Count; i++)
        {
            if (Forged[forgery](Records[i]) is not { } wrong)
            {
                continue;
            }

            forged++;
            ProgramRecord[] records = [.. Records];
            records[i] = wrong;
            Assert.True(IsRefused(records), $"record {i} of {Records.Count}: {wrong}");
        }

        Assert.True(forged > 20, $"{forged}");
    }

    [Fact]
    public void Check_RecordLeftOutOrTwice_IsRefused()
    {
        for (int i = 0; i + 1 < Records.Count; i++)
        {
            ProgramRecord[] without = [.. Records.Take(i), .. Records.Skip(i + 1)];
            ProgramRecord[] twice = [.. Records.Take(i + 1), .. Records.Skip(i)];

            Assert.ThrowsAny<Exception>(() => ProgramChecker.Check(without));
            Assert.ThrowsAny<Exception>(() => ProgramChecker.Check(twice));
        }
    }

    private static bool IsRefused(IReadOnlyList<ProgramRecord> records)
    {
        try
        {
            ProgramChecker.Check(records);
            return false;
        }
        catch (Exception refused) when (refused is InvalidDataException or InvalidOperationException or OverflowException)
        {
            return true;
        }
    }

    private static ProgramRecord? Loops(ProgramRecord record, Func<RecordLoop, RecordLoop> change)
    {
        RecordLoop[] loops = [.. record.Loops];
        int own = record.Around;
        loops[own] = change(loops[own]);
        return own + 1 == loops.Length && loops[own] == record.Loops[own] ? null
            : loops[own] == record.Loops[own] || record.Loops[own].Extent.Constant == 1 ? null
            : record with { Loops = loops };
    }

    private static ProgramRecord? Operands(ProgramRecord record, Func<RecordOperand, RecordOperand> change)
    {
        RecordOperand?[] operands = [.. record.Operands];
        int which = Array.FindIndex(operands, one => one is { Tree: Tree.Trace });
        if (which < 0)
        {
            return null;
        }

        operands[which] = change(operands[which]!);
        return record with { Operands = operands };
    }
}
