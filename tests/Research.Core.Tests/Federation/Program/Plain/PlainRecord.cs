using System.Buffers.Binary;

namespace Research.Tests.Federation.Program.Plain;

internal enum PlainKind
{
    Zero,
    Dot,
    Sum,
    Mac,
    Ratio,
    Gather,
    Table,
    Largest,
    Select,
    Less,
    Match,
    Root,
    Decode,
    Coin,
    Noise,
    Explain,
    Trim,
    Hash,
    Entry,
    Choice,
}

/// <summary>An array of outputs of one kind of step.</summary>
internal sealed class PlainRecord
{
    public const int Bytes = 1024;

    private const byte None = 255;

    public required PlainKind Kind { get; init; }

    /// <summary>Gets the section of the text that adds it.</summary>
    public required string Section { get; init; }

    public required PlainArray Output { get; init; }

    /// <summary>Gets the extents of its own loops.</summary>
    public required IReadOnlyList<int> Own { get; init; }

    public required PlainOperand?[] Operands { get; init; }

    public required uint Length { get; init; }

    public required int LeftShift { get; init; }

    public required int RightShift { get; init; }

    public required long Low { get; init; }

    public required long High { get; init; }

    /// <summary>Gets the bytes of its outputs, to whole leaves.</summary>
    public PlainPolynomial Size => Dense(0, Output.Width).ToLeaves();

    /// <summary>Writes the record, when all loops around it have ended.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Bytes];
        int around = Output.Around.Count;
        bytes[0] = (byte)Kind;
        bytes[1] = (byte)Output.Width;
        bytes[2] = (byte)(around + Own.Count);
        bytes[3] = (byte)around;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Length);
        bytes[8] = checked((byte)LeftShift);
        bytes[9] = checked((byte)RightShift);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), Low);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(24), High);
        Write(bytes, 32, Output.Start);
        for (int loop = 0; loop < around + Own.Count; loop++)
        {
            int extent = loop < around ? Output.Around[loop].Extent : Own[loop - around];
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(64 + (32 * loop)), extent);
            PlainPolynomial stride =
                loop < around ? Output.Around[loop].Stride!.Value : Dense(loop - around + 1, Output.Width);
            Write(bytes, 64 + (32 * loop) + 8, stride);
        }

        for (int i = 0; i < 3; i++)
        {
            if (Operands[i] is { } operand)
            {
                WriteOperand(bytes.AsSpan(320 + (192 * i), 192), operand);
            }
        }

        return bytes;
    }

    private static void Write(Span<byte> bytes, int at, PlainPolynomial number)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes[at..], number.C);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(at + 8)..], number.Q);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(at + 16)..], number.R);
    }

    // The bytes of the own loops from one on.
    private PlainPolynomial Dense(int from, int width)
    {
        PlainPolynomial bytes = new(width);
        foreach (int extent in Own.Skip(from))
        {
            bytes *= PlainLoop.Times(extent);
        }

        return bytes;
    }

    private void WriteOperand(Span<byte> bytes, PlainOperand operand)
    {
        int around = Output.Around.Count;
        BinaryPrimitives.WriteUInt32BigEndian(bytes, operand.Tree);
        bytes[4] = (byte)operand.Width;
        bytes[5] = operand.TreeAround is { } loop ? Index(loop)
            : operand.TreeOwn is { } own ? (byte)(around + own) : None;
        bytes[6] = operand.Before is { } before ? Index(before)
            : operand.CarriedOwn is { } carried ? (byte)(around + carried) : None;
        bytes[7] = (byte)(operand.First is null ? 1 : 2);
        PlainPolynomial address = Address(operand);
        if (operand.Before is not null)
        {
            address -= operand.Before.Stride!.Value;
        }

        Write(bytes, 8, address);
        Write(bytes, 32, operand.First is null ? default : Address(operand.First));
        for (int i = 0; i < around + Own.Count; i++)
        {
            PlainPolynomial stride = i < around ? AroundStride(operand, Output.Around[i]) : OwnStride(operand, i - around);
            Assert.Equal(0, stride.R);
            BinaryPrimitives.WriteInt64BigEndian(bytes[(64 + (16 * i))..], stride.C);
            BinaryPrimitives.WriteInt64BigEndian(bytes[(72 + (16 * i))..], stride.Q);
        }
    }

    private byte Index(PlainLoop loop) => checked((byte)Output.Around.ToList().IndexOf(loop));

    // Where the operand lies at coordinates 0: in the last run of each loop that has ended and is not named.
    private PlainPolynomial Address(PlainOperand operand)
    {
        if (operand.Array is not { } array)
        {
            return operand.Offset;
        }

        PlainPolynomial address = array.Start + operand.Offset;
        foreach (PlainLoop loop in array.Around)
        {
            bool named = operand.RunsByAround.Any(run => run.Ended == loop)
                || operand.RunsByOwn.Any(run => run.Ended == loop);
            if (!Output.Around.Contains(loop) && !named)
            {
                address += (PlainLoop.Times(loop.Extent) - new PlainPolynomial(1)) * loop.Stride!.Value;
            }
        }

        return address;
    }

    private static PlainPolynomial AroundStride(PlainOperand operand, PlainLoop loop)
    {
        PlainPolynomial stride = default;
        if (operand.Array is { } array && array.Around.Contains(loop))
        {
            stride += loop.Stride!.Value;
        }

        foreach ((PlainLoop ended, PlainLoop by) in operand.RunsByAround)
        {
            stride += by == loop ? ended.Stride!.Value : default;
        }

        foreach ((PlainLoop by, long moved) in operand.AroundStrides)
        {
            stride += new PlainPolynomial(by == loop ? moved : 0);
        }

        return stride;
    }

    private static PlainPolynomial OwnStride(PlainOperand operand, int own)
    {
        PlainPolynomial stride = default;
        foreach ((PlainLoop ended, int by) in operand.RunsByOwn)
        {
            stride += by == own ? ended.Stride!.Value : default;
        }

        foreach ((int by, long moved) in operand.OwnStrides)
        {
            stride += new PlainPolynomial(by == own ? moved : 0);
        }

        return stride;
    }
}
