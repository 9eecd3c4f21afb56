namespace Research.Tests.Federation.Program.Plain;

/// <summary>The constants: a seed, then numbers and tables in the order of their first mention.</summary>
internal sealed class PlainConstants(byte[] seed)
{
    private readonly List<byte> _bytes = [.. seed];
    private readonly Dictionary<long, long> _numbers = [];
    private readonly List<(long[] Table, int Width, long Address)> _tables = [];

    public long AddressOf(long value)
    {
        if (!_numbers.TryGetValue(value, out long address))
        {
            FillTo(8);
            address = _bytes.Count;
            _numbers.Add(value, address);
            Write(value, 8);
        }

        return address;
    }

    public long AddressOf(long[] table, int width)
    {
        foreach ((long[] other, int otherWidth, long there) in _tables)
        {
            if (width == otherWidth && table.AsSpan().SequenceEqual(other))
            {
                return there;
            }
        }

        FillTo(128);
        long address = _bytes.Count;
        _tables.Add((table, width, address));
        foreach (long value in table)
        {
            Write(value, width);
        }

        return address;
    }

    public byte[] ToBytes()
    {
        FillTo(128);
        return [.. _bytes];
    }

    private void FillTo(int multiple)
    {
        while (_bytes.Count % multiple != 0)
        {
            _bytes.Add(0);
        }
    }

    private void Write(long value, int width)
    {
        Assert.True(width == 8 || Math.Abs(value) < 1L << ((8 * width) - 1), $"{value} has more than {width} bytes.");
        for (int shift = 8 * (width - 1); shift >= 0; shift -= 8)
        {
            _bytes.Add((byte)(value >> shift));
        }
    }
}
