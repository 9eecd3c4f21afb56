namespace Research.Tests.Federation.Program.Plain;

/// <summary>A program while its records are added.</summary>
internal sealed class PlainDraft(byte[] seed)
{
    /// <summary>The elements of a run that one Dot or Sum takes.</summary>
    public const int Part = 256;

    private readonly List<PlainLoop> _open = [];
    private PlainPolynomial _end;

    public List<PlainRecord> Records { get; } = [];

    /// <summary>Gets the bytes of the trace so far.</summary>
    public PlainPolynomial End => _end;

    public PlainConstants Constants { get; } = new(seed);

    /// <summary>Gets or sets the section of the text whose records are added.</summary>
    public string Section { get; set; } = "";

    /// <summary>Adds what a loop holds; it ends when that is done.</summary>
    public PlainLoop For(int extent, Action<PlainLoop> body)
    {
        PlainLoop loop = new(extent);
        PlainPolynomial start = _end;
        _open.Add(loop);
        body(loop);
        _open.RemoveAt(_open.Count - 1);
        loop.Stride = _end - start;
        _end = start + (PlainLoop.Times(extent) * loop.Stride.Value);
        return loop;
    }

    /// <summary>Adds a record.</summary>
    public PlainArray Add(
        PlainKind kind,
        int width,
        int[] own,
        PlainOperand? a = null,
        PlainOperand? b = null,
        PlainOperand? c = null,
        long length = 1,
        int t = 0,
        int s = 0,
        long? low = null,
        long? high = null,
        PlainArray? output = null)
    {
        output ??= new PlainArray(width);
        output.Around = [.. _open];
        output.Start = _end;
        long most = kind is PlainKind.Hash or PlainKind.Entry ? int.MaxValue // Not bounded.
            : width == 8 ? long.MaxValue : (1L << ((8 * width) - 1)) - 1;
        PlainRecord record = new()
        {
            Kind = kind,
            Section = Section,
            Output = output,
            Own = own,
            Operands = [Placed(a), Placed(b), Placed(c)],
            Length = checked((uint)length),
            LeftShift = t,
            RightShift = s,
            Low = low ?? -most,
            High = high ?? most,
        };
        Assert.True(output.Around.Count + own.Length <= 8, "More than 8 loops.");
        Records.Add(record);
        _end += record.Size;
        return output;
    }

    /// <summary>Adds a Dot over runs of any length.</summary>
    public PlainArray LongDot(
        int width,
        int[] own,
        PlainOperand a,
        PlainOperand b,
        PlainOperand? c,
        int length,
        int t = 0,
        int s = 0,
        PlainArray? output = null,
        long? low = null)
    {
        int parts = (length + Part - 1) / Part;
        int[] loops = [.. own, parts];
        a = a.Along(own.Length, Part);
        b = b.Along(own.Length, Part);
        return parts == 1
            ? Add(PlainKind.Dot, width, loops, a, b, c, length, t, s, low, null, output)
            : SumParts(Add(PlainKind.Dot, 8, loops, a, b, null, length), width, own, c, parts, t, s, output, low);
    }

    /// <summary>Adds a Sum over runs of any length.</summary>
    public PlainArray LongSum(
        int width,
        int[] own,
        PlainOperand a,
        PlainOperand? b = null,
        int length = 1,
        int t = 0,
        int s = 0,
        PlainArray? output = null,
        long? low = null,
        long? high = null)
    {
        int parts = (length + Part - 1) / Part;
        int[] loops = [.. own, parts];
        a = a.Along(own.Length, Part);
        return parts == 1
            ? Add(PlainKind.Sum, width, loops, a, b, null, length, t, s, low, high, output)
            : SumParts(
                Add(PlainKind.Sum, 8, loops, a, null, null, length), width, own, b, parts, t, s, output, low, high);
    }

    private PlainArray SumParts(
        PlainArray array,
        int width,
        int[] own,
        PlainOperand? b,
        int parts,
        int t,
        int s,
        PlainArray? output,
        long? low = null,
        long? high = null)
    {
        PlainOperand a = array.At();
        long stride = parts;
        for (int i = own.Length - 1; i >= 0; i--)
        {
            a = a.Along(i, stride);
            stride *= own[i]; // Only the first can be the seats, and nothing lies outside of it.
        }

        return LongSum(width, own, a, b, parts, t, s, output, low, high);
    }

    private PlainOperand? Placed(PlainOperand? operand) =>
        operand?.Constant is not { } constant
            ? operand
            : operand with
            {
                Constant = null,
                Offset = new PlainPolynomial(constant.IsTable
                    ? Constants.AddressOf(constant.Values, operand.Width)
                    : Constants.AddressOf(constant.Values[0])) + operand.Offset,
            };
}
