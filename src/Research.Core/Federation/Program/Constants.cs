using System.Buffers.Binary;
using System.Globalization;
using Research.Storage;
using Research.Training;

namespace Research.Federation.Program;

/// <summary>The tables and numbers of a program, as bytes: a tree of its own, whose root anyone can compute.</summary>
/// <remarks>
/// Numbers are big-endian two's complement, of 2, 4 or 8 bytes. Single numbers have 8 and each value lies there once;
/// tables begin at a leaf.
/// </remarks>
internal sealed class Constants
{
    private readonly List<byte> _bytes = [];
    private readonly List<(long From, int Width)> _widths = [];
    private readonly Dictionary<long, Operand> _numbers = [];
    private readonly Dictionary<string, Operand> _tables = [];
    private readonly Dictionary<string, Operand> _contents = [];

    /// <summary>Gets the bytes, whole leaves.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[(_bytes.Count + Step.Leaf - 1) / Step.Leaf * Step.Leaf];
        _bytes.CopyTo(bytes);
        return bytes;
    }

    /// <summary>Gets the same bytes as the machine reads them: each number in its own order of bytes.</summary>
    public byte[] ToNative()
    {
        byte[] bytes = ToArray();
        for (int i = 0; i < _widths.Count && BitConverter.IsLittleEndian; i++)
        {
            int end = i + 1 < _widths.Count ? (int)_widths[i + 1].From : bytes.Length;
            NativeOrder.Swap(bytes.AsSpan((int)_widths[i].From..end), _widths[i].Width);
        }

        return bytes;
    }

    /// <summary>Gets how many bytes there are so far.</summary>
    public long Count => _bytes.Count;

    /// <summary>Refuses a table that is too large, before it is made.</summary>
    /// <param name="count">How many numbers.</param>
    /// <param name="width">Bytes of each.</param>
    /// <exception cref="SpecException">There would be more than <see cref="ProgramSize.MostConstants"/> bytes.</exception>
    public void Require(long count, int width)
    {
        long bytes = _bytes.Count + (count * width);
        if (bytes > ProgramSize.MostConstants)
        {
            throw new SpecException(
                "$.model.layers",
                string.Create(CultureInfo.InvariantCulture, $"tables of at most {ProgramSize.MostConstants} bytes in a task"),
                string.Create(CultureInfo.InvariantCulture, $"{bytes}"));
        }
    }

    /// <summary>Gets a number.</summary>
    public Operand Number(long value)
    {
        if (!_numbers.TryGetValue(value, out Operand? operand))
        {
            long at = Begin(sizeof(long), sizeof(long));
            Append(_bytes, value, sizeof(long));
            operand = new Operand { Tree = Tree.Constants, Width = sizeof(long), Offset = at / sizeof(long) };
            _numbers.Add(value, operand);
        }

        return operand;
    }

    /// <summary>Gets a table; one of the same numbers and width is there once.</summary>
    /// <param name="name">What tells it from others.</param>
    /// <param name="width">2, 4 or 8 bytes.</param>
    /// <param name="values">Makes the values, all of which fit the width.</param>
    public Operand Table(string name, int width, Func<IEnumerable<long>> values)
    {
        name = $"{name}, {width}";
        if (!_tables.TryGetValue(name, out Operand? operand))
        {
            List<byte> table = [];
            foreach (long value in values())
            {
                Append(table, value, width);
            }

            string content = $"{width} {ContentHash.Of([.. table])}";
            if (!_contents.TryGetValue(content, out operand))
            {
                long at = Begin(width, Step.Leaf);
                _bytes.AddRange(table);
                operand = new Operand { Tree = Tree.Constants, Width = width, Offset = at / width };
                _contents.Add(content, operand);
            }

            _tables.Add(name, operand);
        }

        return operand;
    }

    /// <summary>Gets 32 bytes.</summary>
    public Operand Word(string name, ReadOnlySpan<byte> word)
    {
        if (!_tables.TryGetValue(name, out Operand? operand))
        {
            long at = Begin(32, Step.Leaf);
            _bytes.AddRange(word);
            operand = new Operand { Tree = Tree.Constants, Width = 32, Offset = at / 32 };
            _tables.Add(name, operand);
        }

        return operand;
    }

    private long Begin(int width, int alignment)
    {
        while (_bytes.Count % alignment != 0)
        {
            _bytes.Add(0);
        }

        if (_widths.Count == 0 || _widths[^1].Width != width)
        {
            _widths.Add((_bytes.Count, width));
        }

        return _bytes.Count;
    }

    private static void Append(List<byte> to, long value, int width)
    {
        if (width < sizeof(long) && value != (long)((ulong)value << (64 - (8 * width))) >> (64 - (8 * width)))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"Expected a number of {width} bytes.");
        }

        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        to.AddRange(bytes[^width..]);
    }
}
