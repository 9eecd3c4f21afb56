using System.Buffers.Binary;
using System.Numerics;
using Research.Federation.Program;
using Research.Federation.Program.Machine;
using Research.Tests.Federation.Program.Plain;

namespace Research.Tests.Federation.Program;

/// <summary>Steps of each kind alone, on numbers at the limits of their widths: the plain machine, the machine that scores,
/// and the arithmetic by which an opened step is checked.</summary>
public sealed class PlainStepTests
{
    private const int Outputs = 19; // More than two vectors of eight, and a rest.
    private const int Draws = 150;

    private readonly Random _random = new(7);

    [Theory]
    [InlineData("Zero")]
    [InlineData("Dot")]
    [InlineData("Sum")]
    [InlineData("Mac")]
    [InlineData("Ratio")]
    [InlineData("Gather")]
    [InlineData("Table")]
    [InlineData("Largest")]
    [InlineData("Select")]
    [InlineData("Less")]
    [InlineData("Match")]
    [InlineData("Root")]
    [InlineData("Coin")]
    [InlineData("Noise")]
    [InlineData("Explain")]
    [InlineData("Trim")]
    [InlineData("Hash")]
    [InlineData("Choice")]
    public void Step_NumbersAtTheirLimits_AgreesInAllThree(string kind)
    {
        for (int draw = 0; draw < Draws; draw++)
        {
            Compare(Enum.Parse<StepKind>(kind));
        }
    }

    private static byte[] Bytes(ReadOnlySpan<long> numbers, int width)
    {
        byte[] bytes = new byte[numbers.Length * width];
        byte[] number = new byte[8];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(number, numbers[i]);
            number.AsSpan(^width).CopyTo(bytes.AsSpan(i * width));
        }

        return bytes;
    }

    private void Compare(StepKind kind)
    {
        Draft draft = new();
        bool isRun = kind is StepKind.Dot or StepKind.Sum;
        int length = kind switch
        {
            StepKind.Dot or StepKind.Sum => One(1, 1, 2, 17, 255, 256, 257, 700),
            StepKind.Ratio => One(0, 1),
            StepKind.Gather or StepKind.Table or StepKind.Largest => _random.Next(1, 300),
            StepKind.Trim => _random.Next(1, 33),
            StepKind.Hash => One(64, 128),
            _ => 1,
        };
        int width = kind switch
        {
            StepKind.Hash => 32,
            StepKind.Coin or StepKind.Noise or StepKind.Choice => 2,
            StepKind.Explain => 8,
            _ => One(2, 4, 8),
        };
        bool isPair = kind == StepKind.Hash && length == 64;
        int[] widths = kind switch
        {
            StepKind.Dot => [2, 2, One(4, 8)],
            StepKind.Hash => isPair ? [32, 32, 8] : [One(2, 4, 8), 8, 8],
            StepKind.Coin or StepKind.Noise or StepKind.Choice => [4, 32, 8],
            StepKind.Table => [One(2, 4), One(2, 4, 8), 8], // No program looks up by 8 bytes.
            _ => [One(2, 4, 8), One(2, 4, 8), One(2, 4, 8)],
        };
        byte[][] trees = [.. widths.Select((one, i) => Tree(kind, one, i, length))];
        StepReference self = new();
        Operand?[] operands = [.. widths.Select((one, i) => Present(kind, i, isPair) ? new Operand
        {
            Tree = 2 + i,
            Width = one,
            Strides = isRun ? [_random.Next(4), i < 2 ? 256 : 0]
                : [kind == StepKind.Hash ? One(0, 128 / one) : _random.Next(3)],
        }
        : null)];
        if (kind is StepKind.Explain)
        {
            operands[2] = new Operand { Made = self, Width = 8, Strides = [1], CarriedAlong = 0 };
        }

        if (kind is StepKind.Coin or StepKind.Noise or StepKind.Choice)
        {
            operands[1] = operands[1]! with { Strides = [0] };
        }

        bool hasShift = kind is StepKind.Dot or StepKind.Sum or StepKind.Mac or StepKind.Ratio or StepKind.Explain
            or StepKind.Trim;
        bool isPlainCopy = kind == StepKind.Sum && operands[1] is null;
        Step step = new(draft.Root, kind, width, isRun ? [Outputs, Step.PartsOf(length)] : [kind == StepKind.Choice ? One(1, 19, 255, 256, 257, 600) : Outputs])
        {
            A = operands[0],
            B = operands[1],
            C = operands[2],
            Length = length,
            ShiftLeft = hasShift ? One(0, 0, 1, 9, 30, 60) : 0,
            ShiftRight = isPlainCopy && widths[0] == 8 ? 0 // No program shortens copies of 8 bytes.
                : kind is StepKind.Dot or StepKind.Sum or StepKind.Mac ? One(0, 0, 1, 12, 30, 61, 62, 69) : 0,
        };
        self.Step = draft.Add(step);
        if (One(true, false, false) && kind is not (StepKind.Coin or StepKind.Noise)) // Theirs are never narrower.
        {
            step.Within(One(0, -5, step.Low), One(0, 7, 32766));
        }

        draft.Place();
        Compare(step, trees);
    }

    private static unsafe void Compare(Step step, byte[][] trees)
    {
        ProgramRecord record = ProgramRecord.Of(step);
        byte[] bytes = new byte[ProgramRecord.Bytes];
        record.Write(bytes);
        byte[] plain = new PlainMachine(bytes, tree => trees[tree - 2], new PlainRoster([]), 0).Run(); // No roster before it.

        CompiledStep compiled = new(step, 1, 0);
        NativeImage[] images = [.. trees.Select((tree, i) => Native(tree, record.Operands[i]?.Width ?? 8))];
        using NativeImage output = new(plain.Length);
        byte* a = record.Operands[0] is null ? null : images[0].Start;
        byte* b = record.Operands[1] is null ? null : images[1].Start;
        byte* c = record.Operands[2] is null || step.Kind == StepKind.Explain ? null : images[2].Start;
        Kernel.Run(compiled, a, b, c, output.Start, 0);
        byte[] real = new ReadOnlySpan<byte>(output.Start, plain.Length).ToArray();
        NativeOrder.Swap(real, step.Width);
        Array.ForEach(images, image => image.Dispose());
        if (!plain.AsSpan().SequenceEqual(real))
        {
            Assert.Fail("Machine: " + Text(step, record, plain, real));
        }

        int parts = record.Loops.Count == 2 ? record.Loops[1].Extent.Constant : 1;
        for (int i = 0; i < record.Loops[0].Extent.Constant * parts; i++)
        {
            byte[] alone = StepArithmetic.Compute(
                record,
                Read(record, trees, 0, i / parts, i % parts),
                Second(record, trees, i / parts, i % parts),
                step.Kind == StepKind.Explain
                    ? i == 0 ? new byte[8] : plain.AsSpan((i - 1) * 8, 8)
                    : Read(record, trees, 2, i / parts, i % parts),
                i * step.Width,
                record.Loops.Count == 2 ? i % parts : i);
            if (!plain.AsSpan(i * step.Width, step.Width).SequenceEqual(alone))
            {
                Assert.Fail($"Step {i} alone: " + Text(step, record, plain[(i * step.Width)..], alone));
            }
        }
    }

    private static string Text(Step step, ProgramRecord record, byte[] plain, byte[] other)
    {
        int at = plain.AsSpan().CommonPrefixLength(other) / step.Width * step.Width;
        return $"{step.Kind} {step.Width} of {string.Join(", ", record.Operands.Select(one => one?.Width))}, "
            + $"length {step.Length}, t {step.ShiftLeft}, s {step.ShiftRight}, [{step.Low}, {step.High}]: output at {at}, plain "
            + $"{Convert.ToHexString(plain.AsSpan(at, step.Width))}, "
            + $"other {Convert.ToHexString(other.AsSpan(at, step.Width))}";
    }

    private static unsafe NativeImage Native(byte[] tree, int width)
    {
        byte[] bytes = [.. tree];
        NativeOrder.Swap(bytes, width);
        return NativeImage.Of(bytes);
    }

    private static byte[] Read(ProgramRecord record, byte[][] trees, int which, int i, int part)
    {
        if (record.Operands[which] is not { } operand)
        {
            return [];
        }

        long at = i * operand.Strides[0].Constant;
        int count = StepArithmetic.Reads(record, which);
        if (record.Loops.Count == 2)
        {
            at += part * operand.Strides[1].Constant;
            count = count > 1 ? Math.Min(count, record.Length - (256 * part)) : 1;
        }

        int bytes = record.Kind != StepKind.Hash ? count * operand.Width : record.Length == 128 ? 128 : 32;
        return trees[which].AsSpan((int)at, bytes).ToArray();
    }

    // Of a table, the element that the other operands name.
    private static byte[] Second(ProgramRecord record, byte[][] trees, int i, int part)
    {
        if (record.Kind is not (StepKind.Gather or StepKind.Table))
        {
            return Read(record, trees, 1, i, part);
        }

        BigInteger index = Signed(Read(record, trees, 0, i, part)) + Signed(Read(record, trees, 2, i, part));
        if (record.Kind == StepKind.Gather && (index < 0 || index >= record.Length))
        {
            return [];
        }

        RecordOperand operand = record.Operands[1]!;
        long at = (long)BigInteger.Min(BigInteger.Max(index, 0), record.Length - 1) * operand.Width;
        return trees[1].AsSpan((int)(at + (i * operand.Strides[0].Constant)), operand.Width).ToArray();

        static BigInteger Signed(byte[] bytes) => new(bytes, isBigEndian: true);
    }

    private bool Present(StepKind kind, int operand, bool isPair) => (kind, operand) switch
    {
        (StepKind.Zero, _) or (StepKind.Sum, 2) or (StepKind.Root or StepKind.Largest, > 0) => false,
        (StepKind.Gather or StepKind.Trim or StepKind.Coin or StepKind.Noise, 2) => false,
        (StepKind.Choice, 0 or 2) => false,
        (StepKind.Hash, 1) => isPair,
        (StepKind.Hash, 2) => false,
        (StepKind.Dot or StepKind.Mac, 2) or (StepKind.Sum, 1) => One(true, false),
        _ => true,
    };

    private byte[] Tree(StepKind kind, int width, int operand, int length)
    {
        int count = (Outputs * 4) + Math.Max(length, 256) + 600;
        if (width == 32 || kind == StepKind.Hash)
        {
            byte[] bytes = new byte[count * 32];
            _random.NextBytes(bytes);
            return bytes;
        }

        bool isIndex = operand == 0 && kind is StepKind.Gather or StepKind.Table && operand == 0;
        bool isNear = One(true, false); // Else of all sizes.
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = kind == StepKind.Coin ? _random.Next(65537)
                : kind == StepKind.Table && operand == 2 ? One(0L, 5, 16384, 32767)
                : isIndex && isNear ? _random.Next(-3, length + 3)
                : isNear && kind is not (StepKind.Dot or StepKind.Sum or StepKind.Mac) ? _random.Next(-2, 3)
                : Number(width);
            if (kind == StepKind.Dot && width == 2)
            {
                numbers[i] = Math.Max(numbers[i], -short.MaxValue); // Every array has low = -high.
            }
        }

        return Bytes(numbers, width);
    }

    private long Number(int width)
    {
        int bits = (8 * width) - 1;
        long most = width == 8 ? long.MaxValue : (1L << bits) - 1;
        return _random.Next(8) switch
        {
            0 => most,
            1 => -most,
            2 => -most - 1,
            3 => 0,
            4 => One(1, -1),
            5 => 1L << _random.Next(bits),
            6 => -(1L << _random.Next(bits)),
            _ => _random.NextInt64() >> (63 - _random.Next(1, bits + 1)),
        };
    }

    private T One<T>(params ReadOnlySpan<T> some) => some[_random.Next(some.Length)];
}
