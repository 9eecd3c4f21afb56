using System.Diagnostics;
using Research.Tests.Tools;

namespace Research.Tests.Training;

/// <summary>Whole training runs in child processes: the same bits for any vector width and thread count.</summary>
public sealed class DeterminismTests
{
    // Final weights and training loss of four runs without privacy. A change here is a change of the arithmetic: every
    // stored result changes with it.
    private const string Golden = """
        mlp 9a1f57c75f7b1ddf9d4ab69805ca60752714efe7095e82ea0cdcd8904e1aec4f 3ff33c31c88bab33
        cnn d1348092f98b4b0959700f8b33604a8eb29e590de35094b8124e914b20952263 4002641d8f5d8737
        all-layers ddae3576cbc87e956eeec9638eba3a7ef426618ad4c9a448b076574ea9b9a091 40026ef06d7e4b18
        transformer 4d1524b0dda72f047916f5c7e04ff111e0d43442c1c1f99ebdcea57674213da7 4001e3169d70a3d7
        """;

    private static readonly Lazy<string> Reference = new(() => Fingerprint(null, 1));

    [Fact]
    public void Fingerprint_ThisMachine_IsTheCommittedOne()
    {
        string[] lines = Reference.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(8, lines.Length);
        Assert.Equal(Golden.ReplaceLineEndings("\n").Split('\n'), lines.Where(line =>
            !line.Contains("private", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", 1)]
    [InlineData("DOTNET_EnableAVX2", 1)]
    [InlineData("DOTNET_EnableHWIntrinsic", 1)]
    [InlineData("DOTNET_EnableAVX2", 5)]
    [InlineData(null, 2)]
    [InlineData(null, 5)]
    public void Fingerprint_OtherVectorsOrThreads_IsTheSame(string? switchedOff, int threads) =>
        Assert.Equal(Reference.Value, Fingerprint(switchedOff, threads));

    private static string Fingerprint(string? switchedOff, int threads)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.Combine(
            ExternalTool.RepositoryRoot, ".artifacts", "bin", "Research.Benchmarks", configuration,
            "Research.Benchmarks.dll");
        ProcessStartInfo start = new(Environment.ProcessPath!, [program, "fingerprint", $"{threads}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) != "dotnet")
        {
            start.FileName = "dotnet"; // A test host of its own: the child needs the runtime's.
        }

        if (switchedOff is not null)
        {
            start.Environment[switchedOff] = "0";
        }

        using Process child = Process.Start(start)!;
        string output = child.StandardOutput.ReadToEnd();
        string errors = child.StandardError.ReadToEnd();
        child.WaitForExit();
        Assert.True(child.ExitCode == 0, errors);
        return output.ReplaceLineEndings("\n");
    }
}
