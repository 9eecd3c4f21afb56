using System.Buffers.Binary;

namespace Research.Tests.Federation.Program.Plain;

/// <summary>The constants: a seed, then numbers and tables in the order of their first mention.</summary>
internal sealed class PlainConstants(byte[] seed)
{
    private readonly List<byte> _bytes = [.. seed];
    private readonly Dictionary<long, long> _numbers = [];
    private readonly Dictionary<string, long> _tables = [];

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
        string key = $"{width}: {string.Join(' ', table)}";
        if (!_tables.TryGetValue(key, out long address))
        {
            FillTo(128);
            address = _bytes.Count;
            _tables.Add(key, address);
            foreach (long value in table)
            {
                Write(value, width);
            }
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
        byte[] number = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, value);
        Assert.True(width == 8 || Math.Abs(value) < 1L << ((8 * width) - 1), $"{value} has more than {width} bytes.");
        _bytes.AddRange(number[^width..]);
    }
}
