using System.Buffers.Binary;
using System.Numerics;
using Research.Federation.Trace;

namespace Research.Tests.Federation.Program.Plain;

/// <summary>Computes a trace from the bytes of records: it knows steps, and nothing of what they are for.</summary>
internal sealed class PlainMachine
{
    private readonly Record[] _records;
    private readonly Func<uint, byte[]> _inputs;
    private readonly PlainRoster _roster;
    private readonly int _seats;
    private readonly byte[] _trace;
    private readonly byte[] _word = new byte[64];

    /// <summary>Starts a machine.</summary>
    /// <param name="records">The program's records, 1,024 bytes each.</param>
    /// <param name="inputs">The bytes of a tree other than the trace, by its number.</param>
    /// <param name="roster">The round's reveals.</param>
    /// <param name="seats">The seats, a multiple of 16.</param>
    public PlainMachine(byte[] records, Func<uint, byte[]> inputs, PlainRoster roster, int seats)
    {
        (_inputs, _roster, _seats) = (inputs, roster, seats);
        _records = [.. Enumerable.Range(0, records.Length / PlainRecord.Bytes)
            .Select(i => new Record(records.AsSpan(i * PlainRecord.Bytes, PlainRecord.Bytes), seats))];
        _trace = new byte[_records.Max(record => record.End)];
    }

    /// <summary>Gets where each array of a record begins, in the order of the trace, with the coordinates of the loops
    /// around it.</summary>
    public IReadOnlyList<(long Start, int Record, long[] Around)> Arrays()
    {
        List<(long Start, int Record, long[] Around)> arrays = [];
        for (int i = 0; i < _records.Length; i++)
        {
            Record record = _records[i];
            foreach (long[] around in Coordinates(record.Extents[..record.LoopsAround]))
            {
                arrays.Add((record.Start + Along(record.Strides, around), i, around));
            }
        }

        arrays.Sort((one, other) => one.Start.CompareTo(other.Start));
        return arrays;
    }

    /// <summary>Computes all outputs in the order of their addresses.</summary>
    public byte[] Run()
    {
        long end = 0;
        foreach ((long start, int index, long[] around) in Arrays())
        {
            Assert.Equal(end, start); // An array begins where the one before it ended.
            Record record = _records[index];
            long[] coordinates = [.. around, .. new long[record.Extents.Length - around.Length]];
            end = start;
            do
            {
                Compute(record, coordinates, end);
                end += record.Width;
            }
            while (Next(coordinates, record.Extents, around.Length));
            end = (end + 127) / 128 * 128;
        }

        Assert.Equal(_trace.Length, end);
        return _trace;
    }

    private static long Along(long[] strides, long[] coordinates)
    {
        long address = 0;
        for (int i = 0; i < coordinates.Length; i++)
        {
            address += coordinates[i] * strides[i];
        }

        return address;
    }

    private static IEnumerable<long[]> Coordinates(long[] extents)
    {
        long[] coordinates = new long[extents.Length];
        do
        {
            yield return [.. coordinates];
        }
        while (Next(coordinates, extents, 0));
    }

    private static bool Next(long[] coordinates, long[] extents, int from)
    {
        for (int i = extents.Length - 1; i >= from; i--)
        {
            if (++coordinates[i] < extents[i])
            {
                return true;
            }

            coordinates[i] = 0;
        }

        return false;
    }

    private void Compute(Record record, long[] at, long address)
    {
        Assert.Equal(record.Start + Along(record.Strides, at), address);
        Place a = Find(record.Operands[0], at, address);
        Place b = Find(record.Operands[1], at, address);
        Place c = Find(record.Operands[2], at, address);
        if (record.Kind == PlainKind.Hash)
        {
            Span<byte> message = stackalloc byte[record.Length];
            a.Bytes(message[..(record.Length == 64 ? 32 : 128)]);
            if (record.Length == 64)
            {
                b.Bytes(message[32..]);
            }

            Span<byte> hash = _trace.AsSpan((int)address, 32);
            if (record.Length == 64)
            {
                KeccakLanes.HashPairs(message, hash);
            }
            else
            {
                KeccakLanes.HashLeaves(message, hash);
            }

            return;
        }

        if (record.Kind == PlainKind.Entry)
        {
            Entry(at[^1], a).CopyTo(_trace.AsSpan((int)address, 128));
            return;
        }

        Int128 result = Bounded(record, Result(record, at, address, a, b, c));
        BinaryPrimitives.WriteInt64BigEndian(_word, (long)result);
        _word.AsSpan(8 - record.Width, record.Width).CopyTo(_trace.AsSpan((int)address));
    }

    private static Int128 Bounded(Record record, BigInteger result) =>
        result < record.Low ? record.Low : result > record.High ? record.High : (Int128)result;

    private BigInteger Result(Record record, long[] at, long address, Place a, Place b, Place c)
    {
        int t = record.LeftShift;
        int s = record.RightShift;
        long length = record.Length;
        switch (record.Kind)
        {
            case PlainKind.Zero:
                return 0;
            case PlainKind.Dot:
                Assert.True(record.Operands[0].Width == 2 && record.Operands[1].Width == 2);
                long products = 0;
                for (long i = 0; i < Math.Min(256, length - (256 * at[^1])); i++)
                {
                    products += a.Element(i) * b.Element(i);
                }

                return Rounded(products + (c.Number << t), s);
            case PlainKind.Sum:
                Int128 sum = 0;
                for (long i = 0; i < Math.Min(256, length - (256 * at[^1])); i++)
                {
                    sum += a.Element(i);
                }

                return Rounded(sum + (b.Number << t), s);
            case PlainKind.Mac:
                return Rounded((a.Number * b.Number) + (c.Number << t), s);
            case PlainKind.Ratio:
                BigInteger divisor = b.Number;
                return divisor <= 0 ? 0 : Floor(((a.Number * c.Number) << t) + (length == 1 ? divisor / 2 : 0), divisor);
            case PlainKind.Gather:
                long index = a.Element(0);
                return index >= 0 && index < length ? b.Element(index) : 0;
            case PlainKind.Table:
                Int128 entry = (Int128)a.Element(0) + c.Element(0);
                return b.Element((long)Int128.Min(Int128.Max(entry, 0), length - 1));
            case PlainKind.Largest:
                long largest = 0;
                for (long i = 1; i < length; i++)
                {
                    largest = a.Element(i) > a.Element(largest) ? i : largest;
                }

                return largest;
            case PlainKind.Select:
                return a.Element(0) > 0 ? b.Element(0) : c.Element(0);
            case PlainKind.Less:
                return a.Element(0) < b.Element(0) ? 1 : 0;
            case PlainKind.Match:
                return a.Element(0) == b.Element(0) ? c.Element(0) : 0;
            case PlainKind.Root:
                return Root(a.Number);
            case PlainKind.Decode:
                return Decoded(length, at[^1], a, b, c);
            case PlainKind.Coin:
                return Random(b, address - (128L * _seats)) < a.Element(0) ? 1 : 0;
            case PlainKind.Noise:
                return (2 * BitOperations.PopCount((uint)Random(b, address - (128L * _seats)))) - 16;
            case PlainKind.Explain:
                BigInteger square = a.Number * a.Number;
                return square >= b.Number ? c.Number + square : c.Number;
            case PlainKind.Trim:
                return Trimmed(length, t, a, b);
            case PlainKind.Choice:
                return Chosen(at[^1], b);
            default:
                throw new NotSupportedException($"{record.Kind}");
        }
    }

    private static BigInteger Rounded(BigInteger x, int s) => s == 0 ? x : (x + (BigInteger.One << (s - 1))) >> s;

    private static BigInteger Floor(BigInteger x, BigInteger divisor)
    {
        BigInteger quotient = BigInteger.DivRem(x, divisor, out BigInteger rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }

    private static BigInteger Root(BigInteger x)
    {
        if (x <= 0)
        {
            return 0;
        }

        BigInteger root = 0;
        for (int bit = 32; bit >= 0; bit--)
        {
            BigInteger more = root + (BigInteger.One << bit);
            root = more * more <= x ? more : root;
        }

        return root;
    }

    private static BigInteger Trimmed(long length, int t, Place a, Place b)
    {
        List<long> some = [];
        for (long i = 0; i < length; i++)
        {
            if (b.Element(i) > 0)
            {
                some.Add(a.Element(i));
            }
        }

        if (some.Count == 0)
        {
            return 0;
        }

        some.Sort();
        int k = Math.Min(t, (some.Count - 1) / 2);
        int rest = some.Count - (2 * k);
        BigInteger sum = 0;
        foreach (long one in some.Skip(k).Take(rest))
        {
            sum += one;
        }

        return Floor(sum + (rest / 2), rest);
    }

    // Number j of the record that is not the opened one, of the pair.
    private static BigInteger Decoded(long length, long j, Place a, Place b, Place c)
    {
        bool first = a.Element(0) > 0;
        Span<byte> cipher = stackalloc byte[2];
        (first ? b : b.Further(length)).Bytes(cipher);
        Span<byte> message = stackalloc byte[64];
        (first ? c : c.Further(128)).Bytes(message[..32]);
        BinaryPrimitives.WriteInt64BigEndian(message[56..], j / 16);
        Span<byte> pad = stackalloc byte[32];
        KeccakLanes.HashPairs(message, pad);
        int at = (int)(2 * (j % 16));
        return (short)(((cipher[0] ^ pad[at]) << 8) | (cipher[1] ^ pad[at + 1]));
    }

    private static int Random(Place seed, long address)
    {
        Span<byte> words = stackalloc byte[32];
        Hash(seed, address / 32, words);
        return BinaryPrimitives.ReadUInt16BigEndian(words[(int)(address % 32)..]);
    }

    private static int Chosen(long k, Place seed)
    {
        Span<byte> h = stackalloc byte[32];
        Hash(seed, k / 256, h);
        int j = (int)(k % 256);
        return (h[j / 8] >> (j % 8)) & 1;
    }

    private static void Hash(Place seed, long number, Span<byte> hash)
    {
        Span<byte> message = stackalloc byte[64];
        seed.Bytes(message[..32]);
        BinaryPrimitives.WriteInt64BigEndian(message[56..], number);
        KeccakLanes.HashPairs(message, hash);
    }

    // The entry of seat p, by what the roster is after it.
    private byte[] Entry(long p, Place later)
    {
        long i = _seats - 1 - p;
        if (i >= _roster.Count)
        {
            return new byte[128];
        }

        if (i == _roster.Count - 1)
        {
            return _roster.Before(_roster.Roster);
        }

        Span<byte> entry = stackalloc byte[128];
        later.Bytes(entry);
        return _roster.Before(entry[..24]);
    }

    private Place Find(Operand operand, long[] at, long address)
    {
        if (!operand.IsPresent)
        {
            return new Place(null, 0, 8, 0);
        }

        long carried = operand.Carried is { } loop ? at[loop] : 1;
        if (carried == 0 && operand.First is null)
        {
            return new Place(null, 0, 8, 0);
        }

        uint tree = operand.Tree + (uint)(operand.TreeLoop is { } added ? at[added] : 0);
        long from = (carried == 0 ? operand.First!.Value : operand.Base) + Along(operand.Strides, at);
        return new Place(tree == 0 ? _trace : _inputs(tree), from, operand.Width, tree == 0 ? address : long.MaxValue);
    }

    /// <summary>Where an operand lies: no bytes for one that is absent.</summary>
    private readonly struct Place(byte[]? tree, long from, int width, long limit)
    {
        public BigInteger Number => Element(0);

        public Place Further(long bytes) => new(tree, from + bytes, width, limit);

        public long Element(long index)
        {
            if (tree is null)
            {
                return 0;
            }

            long value = 0;
            long first = from + (index * width);
            Check(first, width);
            for (int i = 0; i < width; i++)
            {
                byte one = first + i < tree.Length ? tree[first + i] : (byte)0;
                value = i == 0 ? (sbyte)one : (value << 8) | one;
            }

            return value;
        }

        public void Bytes(Span<byte> bytes)
        {
            bytes.Clear();
            Check(from, bytes.Length);
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = tree is not null && from + i < tree.Length ? tree[from + i] : (byte)0;
            }
        }

        private void Check(long first, int count)
        {
            if (first < 0 || first + count > limit)
            {
                throw new InvalidOperationException($"A step at {limit} reads {count} bytes at {first}.");
            }
        }
    }

    private sealed class Operand
    {
        public Operand(ReadOnlySpan<byte> bytes, int loops, long s)
        {
            Tree = BinaryPrimitives.ReadUInt32BigEndian(bytes);
            Width = bytes[4];
            TreeLoop = bytes[5] == 255 ? null : bytes[5];
            Carried = bytes[6] == 255 ? null : bytes[6];
            IsPresent = bytes[7] > 0;
            Base = Record.Number(bytes[8..], 3, s);
            First = bytes[7] == 2 ? Record.Number(bytes[32..], 3, s) : null;
            Strides = new long[loops];
            for (int i = 0; i < loops; i++)
            {
                Strides[i] = Record.Number(bytes[(64 + (16 * i))..], 2, s);
            }

            if (!IsPresent)
            {
                (TreeLoop, Carried) = (null, null);
            }
        }

        public uint Tree { get; }

        public int Width { get; }

        public int? TreeLoop { get; }

        public int? Carried { get; }

        public bool IsPresent { get; }

        public long Base { get; }

        public long? First { get; }

        public long[] Strides { get; }
    }

    private sealed class Record
    {
        public Record(ReadOnlySpan<byte> bytes, int seats)
        {
            long s = seats / 16;
            Kind = (PlainKind)bytes[0];
            Width = bytes[1];
            int loops = bytes[2];
            LoopsAround = bytes[3];
            Length = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]);
            LeftShift = bytes[8];
            RightShift = bytes[9];
            Low = BinaryPrimitives.ReadInt64BigEndian(bytes[16..]);
            High = BinaryPrimitives.ReadInt64BigEndian(bytes[24..]);
            Start = Number(bytes[32..], 3, s);
            Extents = new long[loops];
            Strides = new long[loops];
            for (int i = 0; i < loops; i++)
            {
                int extent = BinaryPrimitives.ReadInt32BigEndian(bytes[(64 + (32 * i))..]);
                Extents[i] = extent == 0 ? seats : extent;
                Strides[i] = Number(bytes[(72 + (32 * i))..], 3, s);
            }

            Operands =
            [
                new Operand(bytes[320..], loops, s),
                new Operand(bytes[512..], loops, s),
                new Operand(bytes[704..], loops, s),
            ];
            long last = Start + Width;
            for (int i = 0; i < loops; i++)
            {
                last += (Extents[i] - 1) * Strides[i];
            }

            End = (last + 127) / 128 * 128;
        }

        public PlainKind Kind { get; }

        public int Width { get; }

        public int LoopsAround { get; }

        public int Length { get; }

        public int LeftShift { get; }

        public int RightShift { get; }

        public long Low { get; }

        public long High { get; }

        public long Start { get; }

        public long[] Extents { get; }

        public long[] Strides { get; }

        public Operand[] Operands { get; }

        public long End { get; }

        public static long Number(ReadOnlySpan<byte> bytes, int terms, long s)
        {
            long sum = 0;
            long power = 1;
            for (int i = 0; i < terms; i++)
            {
                sum += BinaryPrimitives.ReadInt64BigEndian(bytes[(8 * i)..]) * power;
                power *= s;
            }

            return sum;
        }
    }
}
