using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Research.Federation.Program;

/// <summary>Turns arrays of big-endian numbers into this machine's order and back.</summary>
internal static class NativeOrder
{
    /// <summary>Reverses the bytes of each number in place.</summary>
    /// <param name="bytes">Whole numbers.</param>
    /// <param name="width">2, 4 or 8; 128 is a roster's entry with its two numbers; 32 and 1 are bytes, and stay.</param>
    public static void Swap(Span<byte> bytes, int width) => Swap(bytes, bytes, width);

    /// <summary>Reverses the bytes of each number.</summary>
    public static void Swap(ReadOnlySpan<byte> from, Span<byte> to, int width)
    {
        if (!BitConverter.IsLittleEndian)
        {
            from.CopyTo(to);
            return;
        }

        switch (width)
        {
            case 2:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, short>(from), MemoryMarshal.Cast<byte, short>(to));
                break;
            case 4:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, int>(from), MemoryMarshal.Cast<byte, int>(to));
                break;
            case 8:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, long>(from), MemoryMarshal.Cast<byte, long>(to));
                break;
            case Step.Leaf:
                from.CopyTo(to);
                for (int entry = 0; entry < to.Length; entry += Step.Leaf)
                {
                    to.Slice(entry + RosterPart.IndexAt, sizeof(long)).Reverse();
                    to.Slice(entry + RosterPart.BlockAt, sizeof(long)).Reverse();
                }

                break;
            default:
                from.CopyTo(to);
                break;
        }
    }
}
