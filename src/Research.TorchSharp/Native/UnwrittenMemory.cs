using TorchSharp;
using static TorchSharp.torch;

namespace Research.TorchSharp.Native;

/// <summary>Decides what is in the memory that libtorch is given next: whoever reads it before writing is found out.</summary>
internal static class UnwrittenMemory
{
    private const int LeastPower = 4;
    private const int MostPower = 20; // 4 MiB.
    private const int Copies = 6;

    /// <summary>Fills memory of many sizes with a number, and frees it.</summary>
    public static void Fill(float value)
    {
        using DisposeScope scope = NewDisposeScope();
        Scalar number = value;
        for (int power = LeastPower; power <= MostPower; power++)
        {
            long size = 1L << power;
            for (int copy = 0; copy < (power > 16 ? 1 : Copies); copy++)
            {
                _ = full([size], number);
                _ = full([size + (size / 2)], number);
            }
        }

        GC.KeepAlive(number);
    }
}
