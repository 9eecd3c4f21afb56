using System.Diagnostics;

namespace Research.Tests.Notebooks;

/// <summary>Jupyter's own library (Debian's python3-nbformat), asked whether a file is a valid notebook.</summary>
internal static class NbformatOracle
{
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import sys, nbformat
        notebook = nbformat.read(sys.argv[1], as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
        nbformat.write(notebook, sys.argv[2])
        """;

    /// <summary>Validates a notebook and gives the bytes nbformat itself would write.</summary>
    public static async Task<byte[]> RewriteAsync(byte[] notebook)
    {
        using TemporaryFolder folder = new();
        string source = folder.File("in.ipynb");
        string target = folder.File("out.ipynb");
        await File.WriteAllBytesAsync(source, notebook);
        ProcessStartInfo start = new(Python) { RedirectStandardError = true };
        foreach (string argument in (string[])["-c", Script, source, target])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
        return await File.ReadAllBytesAsync(target);
    }

    public static bool IsPresent() =>
        File.Exists(Python) && Directory.Exists("/usr/lib/python3/dist-packages/nbformat");
}
