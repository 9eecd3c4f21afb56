using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Research.Tests.Tools;

namespace Research.Tests.Storage.Ipfs;

/// <summary>A real js-ipfs node on loopback, without peers but the one given, that ends with the test.</summary>
/// <remarks>
/// <c>tests/Fixtures/ipfs</c> pins its packages: 172 MB installed, once, in the user's folder of local data, as anvil is.
/// </remarks>
internal sealed class IpfsNode : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(10);
    private static readonly Lazy<string> Installed = new(Install);

    private readonly Process _process;
    private readonly DirectoryInfo _repository;

    private IpfsNode(Process process, DirectoryInfo repository, JsonElement where)
    {
        _process = process;
        _repository = repository;
        Rpc = new Uri(where.GetProperty("rpc").GetString()!);
        Gateway = new Uri(where.GetProperty("gateway").GetString()!);
        Swarm = where.GetProperty("swarm").GetString()!;
    }

    public Uri Rpc { get; }

    public Uri Gateway { get; }

    /// <summary>Gets the address at which other nodes reach it.</summary>
    public string Swarm { get; }

    private static string Fixtures => Path.Combine(ExternalTool.RepositoryRoot, "tests", "Fixtures", "ipfs");

    public static async Task<IpfsNode> StartAsync(string? peer = null)
    {
        // Packages are looked for upwards of the script, so it lies among them; another version of it has another name.
        byte[] script = await File.ReadAllBytesAsync(Path.Combine(Fixtures, "node.mjs"));
        string path = Path.Combine(Installed.Value, $"node-{Hash(script)}.mjs");
        if (!File.Exists(path))
        {
            string temporary = $"{path}.{Guid.NewGuid():N}";
            await File.WriteAllBytesAsync(temporary, script);
            File.Move(temporary, path, overwrite: true);
        }

        DirectoryInfo repository = Directory.CreateTempSubdirectory("research-ipfs-");
        ProcessStartInfo start = new(ExternalTool.Find("node") ?? throw new InvalidOperationException("No node on PATH."))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (string? argument in (string?[])[path, repository.FullName, peer])
        {
            if (argument is not null)
            {
                start.ArgumentList.Add(argument);
            }
        }

        Process process = Process.Start(start)!;
        using CancellationTokenSource patience = new(LongestStart);
        string line = await process.StandardOutput.ReadLineAsync(patience.Token)
            ?? throw new InvalidOperationException("The IPFS node ended before it said where it is; see its errors above.");
        using JsonDocument where = JsonDocument.Parse(line);
        return new IpfsNode(process, repository, where.RootElement.Clone());
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _repository.Delete(recursive: true);
    }

    private static string Install()
    {
        string version = Hash(File.ReadAllBytes(Path.Combine(Fixtures, "package-lock.json")));
        string parent = Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
            "research");
        string folder = Path.Combine(parent, $"ipfs-node-{version}");
        if (Directory.Exists(folder))
        {
            return folder; // Whole, because it was moved there when it was.
        }

        string staging = Path.Combine(parent, $".installing-{Guid.NewGuid():N}");
        Directory.CreateDirectory(staging);
        try
        {
            foreach (string file in (string[])["package.json", "package-lock.json"])
            {
                File.Copy(Path.Combine(Fixtures, file), Path.Combine(staging, file));
            }

            (int exitCode, string output, string error) = NodeTools.Run(
                "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", staging);
            if (exitCode != 0)
            {
                throw new InvalidOperationException($"npm ci in {staging} exited with {exitCode}:\n{output}{error}");
            }

            Directory.Move(staging, folder);
            return folder;
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            return folder; // Another process installed the same at the same moment.
        }
        finally
        {
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        }
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];
}
