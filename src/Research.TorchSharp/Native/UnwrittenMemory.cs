using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Research.TorchSharp.Native;

/// <summary>Decides what is in the memory that libtorch is given next: whoever reads it before writing is found out.</summary>
internal static class UnwrittenMemory
{
    private const int LeastPower = 4;
    private const int MostPower = 20; // 4 MiB.
    private const int Copies = 6;
    private const int Perturb = -6; // M_PERTURB of mallopt(3).

    private static readonly Lock Turn = new(); // The allocator is the process's.

    /// <summary>Fills memory of many sizes with a number, and frees it.</summary>
    /// <remarks>Not all of what is given next holds it: an allocator may give small holes that others left first.</remarks>
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

    /// <summary>Runs something while all memory that libtorch is given consists of one byte; where the allocator is not
    /// glibc's, much of it does.</summary>
    /// <param name="pattern">The byte; 255 is the one that glibc does not know.</param>
    /// <param name="run">What runs.</param>
    public static T Over<T>(byte pattern, Func<T> run)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(pattern, byte.MaxValue);
        lock (Turn)
        {
            Fill(BitConverter.ToSingle([pattern, pattern, pattern, pattern]));
            _ = SetPerturbation(pattern ^ byte.MaxValue); // What is given is the complement.
            try
            {
                return run();
            }
            finally
            {
                _ = SetPerturbation(0);
            }
        }
    }

    private static bool SetPerturbation(int value)
    {
        try
        {
            return OperatingSystem.IsLinux() && SetOption(Perturb, value) == 1;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetOption(int parameter, int value);
}
