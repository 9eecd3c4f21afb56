using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Research.TorchSharp.Native;

namespace Research.TorchSharp.Tests;

/// <summary>What tests run in a process of its own.</summary>
internal static class Program
{
    public static string HashOfARun()
    {
        using TorchExamples examples = TrainingTests.Separable(120, 4);
        float[] weights = TrainingTests.Final(examples, new TorchOptions());
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(weights)));
    }

    private static int Main(string[] arguments)
    {
        if (arguments is ["load"])
        {
            return Load();
        }

        if (arguments is not ["hash"] || TorchHere.Skip is not null)
        {
            return 2;
        }

        Console.Out.WriteLine(HashOfARun());
        return 0;
    }

    private static int Load()
    {
        try
        {
            Libtorch.Load();
            Console.Out.WriteLine("loaded");
            return 0;
        }
        catch (LibtorchException e)
        {
            Console.Out.WriteLine(e.Message);
            return 1;
        }
    }
}
