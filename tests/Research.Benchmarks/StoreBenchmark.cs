using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Research.Storage;

namespace Research.Benchmarks;

/// <summary>A store under many clients, half of them killed on their way, beside nginx on the same disk in the same run.</summary>
/// <remarks>
/// Both have the same client, which hashes what it sends and gets. research store serve also hashes, and flushes each blob
/// to disk before it says that it has it; nginx with DAV does neither.
/// </remarks>
internal static class StoreBenchmark
{
    private const int MiB = 1 << 20;

    /// <summary>Prints a JSON line a server and round.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        if (arguments is not [string research, .. string[] numbers] || !File.Exists(research) || numbers.Length > 3
            || !numbers.All(number => int.TryParse(number, CultureInfo.InvariantCulture, out int n) && n is > 0 and <= 1024))
        {
            await error.WriteLineAsync("Expected the path of research.dll, then CLIENTS MEGABYTES ROUNDS, each 1 to 1024.");
            return 2;
        }

        int Number(int index, int otherwise) =>
            numbers.Length > index ? int.Parse(numbers[index], CultureInfo.InvariantCulture) : otherwise;

        (int clients, int bytes, int rounds) = (Number(0, 64), Number(1, 10) * MiB, Number(2, 3));
        byte[][] blobs = [.. Enumerable.Range(0, clients).Select(i => Blob(bytes, i))];
        for (int round = 0; round < rounds; round++)
        {
            foreach (string name in (string[])["research", "nginx"])
            {
                DirectoryInfo home = Directory.CreateTempSubdirectory("research-store-");
                try
                {
                    using StoreProcess? server = name == "research"
                        ? await StoreProcess.StartResearchAsync(research, home.FullName)
                        : await StoreProcess.StartNginxAsync(home.FullName);
                    if (server is null)
                    {
                        await error.WriteLineAsync("nginx is not on PATH (apt-get install nginx-light): left out.");
                        continue;
                    }

                    await output.WriteLineAsync((await MeasureAsync(name, server, blobs)).ToJsonString());
                }
                finally
                {
                    home.Delete(recursive: true);
                }
            }
        }

        return 0;
    }

    private static byte[] Blob(int bytes, int seed)
    {
        byte[] blob = new byte[bytes];
        new Random(seed).NextBytes(blob);
        return blob;
    }

    private static async Task<JsonObject> MeasureAsync(string name, StoreProcess server, byte[][] blobs)
    {
        (double putRate, int put, int putKilled) = await PhaseAsync(
            server, blobs, BlobDirection.Upload, async (store, blob, token) => await store.PutAsync(blob, token) != default);
        int corrupt = await CorruptAsync(server);

        // All of them, for the second half.
        using HttpStore all = new(server.Address);
        foreach (byte[] blob in blobs)
        {
            await all.PutAsync(blob);
        }

        (double getRate, int got, int getKilled) = await PhaseAsync(
            server,
            blobs,
            BlobDirection.Download,
            async (store, blob, token) => await store.FindAsync(ContentHash.Of(blob), blob.Length, token) is not null);
        corrupt += await CorruptAsync(server);
        return new JsonObject
        {
            ["bench"] = "store",
            ["model"] = name,
            ["clients"] = blobs.Length,
            ["megabytes"] = blobs[0].Length / MiB,
            ["putMegabytesPerSecond"] = Math.Round(putRate, 1),
            ["getMegabytesPerSecond"] = Math.Round(getRate, 1),
            ["put"] = put,
            ["putKilled"] = putKilled,
            ["got"] = got,
            ["getKilled"] = getKilled,
            ["corrupt"] = corrupt,
            ["serverPeakMegabytes"] = Math.Round(server.PeakBytes() / (double)MiB, 1),
            ["serverProcessorSeconds"] = Math.Round(server.ProcessorSeconds(), 2),
        };
    }

    // Bytes of the killed count too, as far as they came: the server had that work.
    private static async Task<(double Rate, int Done, int Killed)> PhaseAsync(
        StoreProcess server,
        byte[][] blobs,
        BlobDirection direction,
        Func<HttpStore, byte[], CancellationToken, Task<bool>> work)
    {
        long[] moved = new long[blobs.Length];
        long start = Stopwatch.GetTimestamp();
        bool[] done = await Task.WhenAll(blobs.Select((blob, i) => Task.Run(async () =>
        {
            using CancellationTokenSource killed = new();
            long until = i % 2 == 0 ? long.MaxValue : blob.Length / 10 * (1 + (i * 7 % 9));
            using HttpStore store = new(server.Address, new HttpStoreOptions
            {
                Attempts = 100,
                Progress = new Heard(progress =>
                {
                    moved[i] = Math.Max(moved[i], progress.Done);
                    if (progress.Direction == direction && progress.Done >= until)
                    {
                        killed.Cancel();
                    }
                }),
            });
            try
            {
                return await work(store, blob, killed.Token);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        })));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (moved.Sum() / (double)MiB / seconds, done.Count(isDone => isDone), done.Count(isDone => !isDone));
    }

    private static async Task<int> CorruptAsync(StoreProcess server)
    {
        int corrupt = 0;
        foreach (string file in Directory.EnumerateFiles(server.Blobs))
        {
            corrupt += ContentHash.Of(await File.ReadAllBytesAsync(file)).ToString() == Path.GetFileName(file) ? 0 : 1;
        }

        return corrupt;
    }

    private sealed class Heard(Action<BlobProgress> report) : IProgress<BlobProgress>
    {
        public void Report(BlobProgress value) => report(value);
    }
}
