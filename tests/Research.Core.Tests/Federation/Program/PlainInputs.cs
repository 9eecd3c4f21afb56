using System.Buffers.Binary;
using Research.Federation.Program;
using Research.Federation.Scoring;
using Research.Federation.Trace;
using Research.Tests.Federation.Program.Plain;

namespace Research.Tests.Federation.Program;

/// <summary>What a round's program reads, as the real machine takes it and as bytes of trees.</summary>
internal sealed class PlainInputs
{
    private readonly Random _random;
    private readonly PlainNumbers _n;

    public PlainInputs(PlainCase of, Random random, int reveals)
    {
        (_random, _n) = (random, of.Numbers);
        int p = of.Parameters;
        Model = [.. Enumerable.Range(0, p).Select(_ => (int)(20000 * Normal()))];
        int length = 1 << PlainNumbers.LengthShift(p);
        Directions = [.. Enumerable.Range(0, _n.Round).Select(_ => Direction(p, length))];
        Records = new byte[2 * _n.R * _n.RecordBytes];
        Keys = new byte[2 * _n.R * 32];
        random.NextBytes(Keys);
        random.NextBytes(Seed);
        for (int record = 0; record < 2 * _n.R; record++)
        {
            WriteRecord(record);
        }

        Participants = [.. Enumerable.Range(0, reveals).Select(_ => new byte[RosterEntry.AddressBytes])];
        Array.ForEach(Participants, random.NextBytes);
        Blocks = [.. Enumerable.Range(0, reveals).Select(_ => (long)random.Next(20_000_000, 20_000_004))];
        Updates = [.. Enumerable.Range(0, reveals).Select(_ => Array.Empty<int>())];
    }

    public int[] Model { get; set; }

    public short[][] Directions { get; }

    public byte[] Records { get; }

    public byte[] Keys { get; }

    /// <summary>Gets the seed of the choice.</summary>
    public byte[] Seed { get; } = new byte[32];

    /// <summary>Gets each reveal's participant, 20 bytes.</summary>
    public byte[][] Participants { get; }

    /// <summary>Gets the block of each reveal's commitment.</summary>
    public long[] Blocks { get; }

    /// <summary>Gets each reveal's update; empty for none.</summary>
    public int[][] Updates { get; }

    public int Seats => PlainRoster.Seats(Updates.Length);

    public PlainRoster Roster =>
        new(Participants.Select((participant, i) => (participant, LeafTree.Root(Write(Updates[i])), Blocks[i])));

    public Dictionary<uint, byte[]> Trees { get; } = [];

    /// <summary>Makes updates of what the reference runs changed: honest, loud, copied, silent, missing, and
    /// others.</summary>
    public void MakeUpdates(int[][] changes)
    {
        double noise = Math.ScaleB(_n.D16, -_n.E);
        for (int i = 0; i < Updates.Length; i++)
        {
            int[] change = changes[i % changes.Length];
            int[] honest = [.. change.Select(one => (one / 16) + (int)Math.Round(noise * 0.7 * Normal()))];
            Updates[i] = _random.Next(12) switch
            {
                0 when i > 0 => Updates[_random.Next(i)],
                1 => [],
                2 => [.. honest.Select(one => one * 3)],
                3 => [.. honest.Select(_ => (int)Math.Round(noise * Normal()))],
                4 => [.. honest.Select(one => -one)],
                5 => [.. changes[^1].Select(one => one / 16)],
                6 => [.. honest.Select(_ => _random.Next(int.MinValue, int.MaxValue))],
                _ => honest,
            };
        }
    }

    /// <summary>Replaces all records by others.</summary>
    /// <param name="number">Number i of a record; the last is its label.</param>
    public void Encrypt(Func<int, int, int> number)
    {
        Array.Clear(Records);
        for (int record = 0; record < 2 * _n.R; record++)
        {
            int which = record;
            Encrypt(record, i => number(which, i));
        }
    }

    public ProgramInputs ToReal() => new()
    {
        Model = Model,
        PastSteps = [.. Directions.Select(direction => (ReadOnlyMemory<short>)direction)],
        Records = Records,
        Keys = Keys,
        Seed = Seed,
        Roster = new Roster(
            [.. Participants.Select((one, i) => new RosterEntry(one, LeafTree.Root(Write(Updates[i])), Blocks[i]))]),
        Update = index => Updates[index],
    };

    public byte[] ToBytes(uint tree) => tree switch
    {
        2 => Write(Model),
        3 => Records,
        4 => [.. Keys.Chunk(32).SelectMany(key => (byte[])[.. key, .. new byte[96]])],
        5 => Seed,
        >= 131072 => Seats - 1 - (int)(tree - 131072) is int index && index < Updates.Length
            ? Write(Updates[index])
            : [],
        >= 65536 => Write(Directions[tree - 65536]),
        _ => throw new ArgumentOutOfRangeException(nameof(tree)),
    };

    public static byte[] Write(int[] numbers)
    {
        byte[] bytes = new byte[4 * numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), numbers[i]);
        }

        return bytes;
    }

    public static byte[] Write(short[] numbers)
    {
        byte[] bytes = new byte[2 * numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(2 * i), numbers[i]);
        }

        return bytes;
    }

    private short[] Direction(int p, int length)
    {
        double[] numbers = [.. Enumerable.Range(0, p).Select(_ => Normal())];
        double norm = Math.Sqrt(numbers.Sum(one => one * one));
        return [.. numbers.Select(one => (short)Math.Clamp(one / norm * length, -32767, 32767))];
    }

    // A record as a sponsor has it: a class of its own mean, and noise.
    private void WriteRecord(int record)
    {
        int label = _random.Next(3);
        Encrypt(record, i => i == _n.D
            ? _random.Next(20) == 0 ? -5 : label
            : (int)Math.Round(((i % 3 == label ? 1 : -0.3) + (0.5 * Normal())) * (1 << _n.Fraction)));
    }

    private void Encrypt(int record, Func<int, int> number)
    {
        int size = _n.RecordBytes;
        Span<byte> bytes = Records.AsSpan(record * size, size);
        for (int i = 0; i <= _n.D; i++)
        {
            BinaryPrimitives.WriteInt16BigEndian(bytes[(2 * i)..], (short)Math.Clamp(number(i), -32768, 32767));
        }

        byte[] message = new byte[64];
        Keys.AsSpan(32 * record, 32).CopyTo(message);
        byte[] pad = new byte[32];
        for (int i = 0; i < size; i++)
        {
            if (i % 32 == 0)
            {
                BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(60), i / 32);
                KeccakLanes.HashPairs(message, pad);
            }

            bytes[i] ^= pad[i % 32];
        }
    }

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
