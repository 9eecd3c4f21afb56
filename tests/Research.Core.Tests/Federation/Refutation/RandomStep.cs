using System.Buffers.Binary;
using Research.Chain.Primitives;
using Research.Federation.Program;

namespace Research.Tests.Federation.Refutation;

/// <summary>A step of random numbers, of which many are extreme.</summary>
internal sealed record RandomStep(ProgramRecord Record, byte[] A, byte[] B, byte[] C, long Coordinate, long Address)
{
    private static readonly byte[] Selector = Keccak256.Hash(
        "compute(bytes32[32],uint256,uint256,bytes,bytes,bytes)"u8).ToArray()[..4];

    /// <summary>Gets what it gives here.</summary>
    public byte[] Output => StepArithmetic.Compute(Record, A, B, C, Address, Coordinate);

    /// <summary>Draws a step of a kind.</summary>
    public static RandomStep Of(StepKind kind, Random random)
    {
        int[] widths = [2, 4, 8];
        int width = kind switch
        {
            StepKind.Hash => 32,
            StepKind.Decode or StepKind.Coin or StepKind.Noise or StepKind.Choice => 2,
            _ => widths[random.Next(3)],
        };
        int length = kind switch
        {
            StepKind.Hash => random.Next(2) == 0 ? 64 : 128,
            StepKind.Ratio => random.Next(2),
            StepKind.Dot or StepKind.Sum => random.Next(3) == 0 ? random.Next(1, 600) : random.Next(1, 20),
            StepKind.Trim => random.Next(1, 33),
            StepKind.Largest => random.Next(1, 60),
            _ => random.Next(1, 70_000),
        };
        long coordinate = kind is StepKind.Dot or StepKind.Sum
            ? random.Next(Step.PartsOf(length))
            : random.Next(5000);
        int most = kind == StepKind.Trim ? 17 : 64;
        int bits = (8 * Math.Min(width, 4)) - 1;
        long high = width == 8 ? long.MaxValue : (1L << bits) - 1;
        long low = -high;
        if (width < 32 && random.Next(3) == 0)
        {
            (low, high) = (random.NextInt64(low, 1), random.NextInt64(0, high));
        }

        ProgramRecord record = new(
            kind,
            width,
            length,
            random.Next(most),
            random.Next(3) == 0 ? 0 : random.Next(64),
            low,
            high,
            0,
            0,
            [new RecordLoop(5000, width)],
            [Operand(0), Operand(1), Operand(2)]);
        return new RandomStep(
            record, Bytes(0), Bytes(1), Bytes(2), coordinate, random.NextInt64(1L << 38) / width * width);

        RecordOperand? Operand(int which)
        {
            bool isAbsent = kind switch
            {
                StepKind.Zero => true,
                StepKind.Hash => which == 2 || (which == 1 && length == 128),
                StepKind.Dot or StepKind.Mac => which == 2 && random.Next(3) == 0,
                StepKind.Sum => which == 2 || (which == 1 && random.Next(3) == 0),
                StepKind.Choice => which != 1,
                StepKind.Noise or StepKind.Coin or StepKind.Trim => which == 2,
                StepKind.Largest or StepKind.Root => which != 0,
                _ => false,
            };
            int own = (kind, which) switch
            {
                (StepKind.Hash, _) or (StepKind.Coin or StepKind.Noise or StepKind.Choice, 1) or (StepKind.Decode, 2) => 32,
                (StepKind.Dot, < 2) or (StepKind.Decode, 1) => 2,
                _ => widths[random.Next(3)],
            };
            return isAbsent ? null : new RecordOperand(1, null, own, 0, [0], null, null);
        }

        byte[] Bytes(int which)
        {
            if (record.Operands[which] is not { } operand)
            {
                return [];
            }

            bool isRun = (kind, which) is (StepKind.Dot, 0 or 1) or (StepKind.Sum, 0);
            int count = kind == StepKind.Hash ? 1
                : isRun ? (int)Math.Min(Step.MostTerms, length - (Step.MostTerms * coordinate))
                : StepArithmetic.Reads(record, which);
            byte[] bytes = new byte[kind == StepKind.Hash ? (length == 128 ? 128 : 32) : count * operand.Width];
            random.NextBytes(bytes);
            for (int i = 0; i < count && operand.Width <= 8; i++)
            {
                Span<byte> number = bytes.AsSpan(i * operand.Width, operand.Width);
                switch (random.Next(8))
                {
                    case 0:
                        number.Clear();
                        break;
                    case 1:
                        number.Fill(255);
                        break;
                    case 2:
                        number.Clear();
                        number[0] = 128;
                        break;
                    case 3:
                        number.Fill(255);
                        number[0] = 127;
                        break;
                    case 4:
                        number[..^1].Clear();
                        break;
                    case 5:
                        number[..^1].Fill(255);
                        break;
                }
            }

            return bytes;
        }
    }

    /// <summary>Gets the call data that computes it on chain.</summary>
    public byte[] Call()
    {
        const int Word = 32;
        byte[] record = new byte[ProgramRecord.Bytes];
        Record.Write(record);
        byte[][] operands = [A, B, C];
        List<byte> call = [.. Selector, .. record, .. Number(Coordinate), .. Number(Address)];
        int offset = record.Length + (5 * Word);
        foreach (byte[] operand in operands)
        {
            call.AddRange(Number(offset));
            offset += Word + ((operand.Length + Word - 1) / Word * Word);
        }

        foreach (byte[] operand in operands)
        {
            call.AddRange(Number(operand.Length));
            call.AddRange(operand);
            call.AddRange(new byte[(Word - (operand.Length % Word)) % Word]);
        }

        return [.. call];

        static byte[] Number(long value)
        {
            byte[] word = new byte[Word];
            BinaryPrimitives.WriteInt64BigEndian(word.AsSpan(Word - sizeof(long)), value);
            return word;
        }
    }

    public override string ToString() =>
        $"{Record} a {Convert.ToHexString(A)} b {Convert.ToHexString(B)} c {Convert.ToHexString(C)} at {Coordinate}, {Address}; "
        + $"here {Convert.ToHexString(Output)}";
}
