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
        all-layers f7852cb00b35b34e422444e4324a8a7882e14bede96e04c1a0fa36ca8fdbd298 40026c5070da740e
        transformer a10be530548c05df10968b15498ed0957ba6e18d7c30c2b0cb00258d353f3a44 4001e1e46e81b4e8
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
    [InlineData("DOTNET_EnableAVX512F", 1)]
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
