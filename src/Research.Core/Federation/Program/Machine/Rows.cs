using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Research.Federation.Program.Machine;

/// <summary>Rows of numbers of 2, 4 or 8 bytes, read as 64 bits and written back within bounds.</summary>
internal static unsafe class Rows
{
    /// <summary>The most numbers of a row.</summary>
    public const int Most = 512;

    private const int Lanes = 8;

    /// <summary>Reads numbers.</summary>
    /// <param name="to">Receives them.</param>
    /// <param name="from">The first.</param>
    /// <param name="width">Bytes of each.</param>
    /// <param name="stride">Bytes from one to the next.</param>
    /// <param name="count">How many.</param>
    public static void Load(long* to, byte* from, int width, long stride, int count)
    {
        if (stride == 0)
        {
            new Span<long>(to, count).Fill(One(from, width));
            return;
        }

        switch (width)
        {
            case 2:
                Load2(to, from, stride, count);
                break;
            case 4:
                Load4(to, from, stride, count);
                break;
            default:
                Load8(to, from, stride, count);
                break;
        }
    }

    /// <summary>Reads a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long One(byte* from, int width) => width switch
    {
        2 => *(short*)from,
        4 => *(int*)from,
        _ => *(long*)from,
    };

    /// <summary>Writes numbers one after the other.</summary>
    /// <param name="from">The numbers, within the width.</param>
    /// <param name="to">Where the first goes.</param>
    /// <param name="width">Bytes of each.</param>
    /// <param name="count">How many.</param>
    public static void Store(long* from, byte* to, int width, int count)
    {
        int i = 0;
        switch (width)
        {
            case 2:
                for (; i + Lanes <= count && Avx512F.IsSupported; i += Lanes)
                {
                    Avx512F.ConvertToVector128Int16(Vector512.Load(from + i)).Store((short*)to + i);
                }

                for (; i < count; i++)
                {
                    ((short*)to)[i] = (short)from[i];
                }

                break;
            case 4:
                for (; i + Lanes <= count && Avx512F.IsSupported; i += Lanes)
                {
                    Avx512F.ConvertToVector256Int32(Vector512.Load(from + i)).Store((int*)to + i);
                }

                for (; i < count; i++)
                {
                    ((int*)to)[i] = (int)from[i];
                }

                break;
            default:
                new ReadOnlySpan<long>(from, count).CopyTo(new Span<long>(to, count));
                break;
        }
    }

    private static void Load2(long* to, byte* from, long stride, int count)
    {
        int i = 0;
        for (; stride == sizeof(short) && i + Lanes <= count && Avx512F.IsSupported; i += Lanes)
        {
            Avx512F.ConvertToVector512Int64(Vector128.Load((short*)from + i)).Store(to + i);
        }

        for (; i < count; i++)
        {
            to[i] = *(short*)(from + (i * stride));
        }
    }

    private static void Load4(long* to, byte* from, long stride, int count)
    {
        int i = 0;
        for (; stride == sizeof(int) && i + Lanes <= count && Avx512F.IsSupported; i += Lanes)
        {
            Avx512F.ConvertToVector512Int64(Vector256.Load((int*)from + i)).Store(to + i);
        }

        for (; i < count; i++)
        {
            to[i] = *(int*)(from + (i * stride));
        }
    }

    private static void Load8(long* to, byte* from, long stride, int count)
    {
        for (int i = 0; i < count; i++)
        {
            to[i] = *(long*)(from + (i * stride));
        }
    }
}
