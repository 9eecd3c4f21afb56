using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Research.Storage;

namespace Research.Tests.Commands;

/// <summary>The server as a process of its own, which ends as processes do: asked to, or not.</summary>
public sealed class StoreServeCommandTests : IDisposable
{
    private const string Variable = "RESEARCH_TEST_STORE_TOKEN";

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _processes = [];

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }

            process.Dispose();
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData("--listen: expected an address and a port", "--listen", "8765")]
    [InlineData("--listen: expected an address and a port", "--listen", "127.0.0.1")]
    [InlineData("--listen: expected an address and a port", "--listen", "::1")]
    [InlineData("--listen: expected an address and a port", "--listen", "example.org:80")]
    [InlineData("who could all write", "--listen", "0.0.0.0:0")]
    [InlineData("who could all write", "--listen", "[::]:0")]
    [InlineData("environment variable that is set", "--token-variable", "RESEARCH_NOT_SET")]
    public async Task Serve_WithOptionsThatAreNone_SaysWhat(string expected, params string[] options)
    {
        CommandLineResult result =
            await CommandLine.RunAsync(["store", "serve", "--folder", _folder["store"], .. options]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.False(Directory.Exists(_folder["store"]));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("with a blank, and long enough")]
    public async Task Serve_TokenThatIsNone_IsNotShown(string token)
    {
        Environment.SetEnvironmentVariable(Variable, token);
        try
        {
            CommandLineResult result = await CommandLine.RunAsync(
                "store", "serve", "--folder", _folder["store"], "--token-variable", Variable);

            Assert.Equal(2, result.ExitCode);
            Assert.Contains("16 to 1024 visible ASCII characters", result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain(token, result.Error, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Fact]
    public async Task Serve_TokenGivenInsteadOfItsVariable_IsNotShown()
    {
        CommandLineResult result = await CommandLine.RunAsync(
            "store", "serve", "--folder", _folder["store"], "--token-variable", "oops-this-is-the-secret");

        Assert.Equal(2, result.ExitCode);
        Assert.DoesNotContain("secret", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_Interrupted_EndsInOrderAndTheNextOneHasTheBlobs()
    {
        (Process process, Uri address) = await ServeAsync(0);
        ContentHash hash;
        using (HttpStore store = new(address))
        {
            hash = await store.PutAsync(new byte[] { 1, 2, 3 });
        }

        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"])!;
        CommandLineResult result = await CommandLine.FinishAsync(process);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Stopping", result.Error, StringComparison.Ordinal);
        (_, Uri again) = await ServeAsync(0);
        using HttpStore second = new(again);
        Assert.Equal([1, 2, 3], await second.FindAsync(hash, 3));
    }

    [Fact]
    public async Task Serve_KilledInAnUpload_TheClientGoesOnWithTheNextServer()
    {
        byte[] blob = new byte[64 << 20];
        new Random(1).NextBytes(blob);
        (Process first, Uri address) = await ServeAsync(0);
        Task<(Process, Uri)>? next = null;
        using HttpStore store = new(address, new HttpStoreOptions
        {
            Attempts = 1000,
            Progress = new Heard(progress =>
            {
                if (next is null && progress.Done > blob.Length / 2)
                {
                    first.Kill(); // SIGKILL: nothing is tidied.
                    first.WaitForExit();
                    next = ServeAsync(address.Port);
                }
            }),
        });

        ContentHash hash = await store.PutAsync(blob);

        await next!;
        Assert.Equal(blob, await new FolderStore(_folder["store"]).GetAsync(hash));
        Assert.Equal(
            ["lock"],
            Directory.EnumerateFiles(_folder["store/.incoming"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Serve_KilledInADownload_TheClientGoesOnWithTheNextServer()
    {
        byte[] blob = new byte[64 << 20];
        new Random(2).NextBytes(blob);
        ContentHash hash = await new FolderStore(_folder["store"]).PutAsync(blob);
        (Process first, Uri address) = await ServeAsync(0);
        Task<(Process, Uri)>? next = null;
        using HttpStore store = new(address, new HttpStoreOptions
        {
            Attempts = 1000,
            PartsFolder = _folder["parts"],
            Progress = new Heard(progress =>
            {
                if (next is null && progress.Done > blob.Length / 2)
                {
                    first.Kill();
                    first.WaitForExit();
                    next = ServeAsync(address.Port);
                }
            }),
        });

        byte[]? got = await store.FindAsync(hash, blob.Length);

        await next!;
        Assert.Equal(blob, got);
        Assert.Empty(Directory.EnumerateFiles(_folder["parts"]));
    }

    [Fact]
    public async Task Serve_KilledInPlainUploads_LeavesNoFilesForEver()
    {
        (Process first, Uri address) = await ServeAsync(0);
        using HttpClient http = new();
        using StallingContent content = new(1 << 20, 500_000);
        Task<HttpResponseMessage> put =
            http.PutAsync(new Uri(address, $"blobs/{ContentHash.Of([1])}"), content);
        string incoming = _folder["store/.incoming"];
        while (Directory.EnumerateFiles(incoming).Count() < 2)
        {
            await Task.Delay(10);
        }

        first.Kill();
        await first.WaitForExitAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => put);
        Assert.Equal(2, Directory.EnumerateFiles(incoming).Count());

        await ServeAsync(0);

        Assert.Equal(["lock"], Directory.EnumerateFiles(incoming).Select(Path.GetFileName));
    }

    private async Task<(Process Process, Uri Address)> ServeAsync(int port)
    {
        Process process = CommandLine.Start(
            _folder["home"], "store", "serve", "--folder", _folder["store"], "--listen", $"127.0.0.1:{port}", "--json");
        _processes.Add(process);
        string? line = await process.StandardOutput.ReadLineAsync();
        Assert.True(line is not null, line is null ? await process.StandardError.ReadToEndAsync() : "");
        using JsonDocument json = JsonDocument.Parse(line!);
        return (process, new Uri(json.RootElement.GetProperty("address").GetString()!));
    }

    private sealed class Heard(Action<BlobProgress> report) : IProgress<BlobProgress>
    {
        public void Report(BlobProgress value) => report(value);
    }

    /// <summary>A body that stops on its way until the connection breaks.</summary>
    private sealed class StallingContent(int length, int until) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[until]);
            await stream.FlushAsync();
            while (true)
            {
                await Task.Delay(20);
                await stream.WriteAsync(new byte[1]);
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
