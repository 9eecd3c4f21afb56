using System.Diagnostics;
using Research.TorchSharp.Native;
using TorchSharp;

namespace Research.TorchSharp.Tests.Native;

public sealed class LibtorchTests
{
    private const string Needed = "GLIBCXX_3.4.32";

    [TorchFact]
    public void Load_WithoutLeave_LoadsOrNamesTheLibstdcxxAndTheWayOut()
    {
        (int exitCode, string text) = Run("load");

        if (exitCode == 0)
        {
            Assert.Equal("loaded", text); // This system's libstdc++ has what is needed.
            return;
        }

        string[] lines = text.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains(Needed, lines[0], StringComparison.Ordinal);
        Assert.Contains("libstdc++.so.6", lines[0], StringComparison.Ordinal);
        Assert.Contains("Libtorch.Load(olderLibstdcxx: true)", lines[1], StringComparison.Ordinal);
    }

    [TorchFact]
    public void MarkWeak_OfTorchSharpsLibrary_ChangesOneBit()
    {
        byte[] library = File.ReadAllBytes(Path.Combine(
            AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so"));

        byte[] marked = ElfVersionNeeds.MarkWeak(library, Needed);

        int[] changed = [.. Enumerable.Range(0, library.Length).Where(i => library[i] != marked[i])];
        Assert.Equal(library.Length, marked.Length);
        Assert.Equal(library[Assert.Single(changed)] | 2, marked[changed[0]]);
        Assert.Equal(marked, ElfVersionNeeds.MarkWeak(marked, Needed));
    }

    [TorchFact]
    public void MarkWeak_OfOtherFiles_IsRefused()
    {
        byte[] library = File.ReadAllBytes(Path.Combine(
            AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so"));

        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.MarkWeak(library, "GLIBCXX_9.9"));
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.MarkWeak([1, 2, 3], Needed));
        Random random = new(3);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. library[..4096]];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.MarkWeak(damaged, Needed));
        }
    }

    [TorchFact]
    public void Library_AsLoaded_Computes()
    {
        using torch.Tensor sum = torch.ones(3, 4).sum();

        Assert.Equal(12, sum.item<float>());
    }

    private static (int ExitCode, string Text) Run(string what)
    {
        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList = { "exec", typeof(LibtorchTests).Assembly.Location, what },
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return (process.ExitCode, text);
    }
}
