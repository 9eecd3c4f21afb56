using System.Globalization;
using Research.Chain.Primitives;

namespace Research.Market.Watching;

/// <summary>Holds a watcher's folder for one account: a file that the system closes with the process, however that ends.</summary>
internal sealed class WatchLock : IDisposable
{
    private readonly FileStream _held;
    private readonly string _holder;

    private WatchLock(FileStream held, string holder) => (_held, _holder) = (held, holder);

    /// <summary>Takes the folder.</summary>
    /// <exception cref="MarketException">Another watcher of the account has it.</exception>
    public static WatchLock Take(string folder, Address account, TimeProvider time)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"watch-{account}.lock");
        string holder = Path.Combine(folder, $"watch-{account}.holder");
        FileStream held;
        try
        {
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new MarketException(
                $"{account} is watching already, with the folder {folder}: {Read(holder)}. One watcher is enough; two of one "
                + "account would send everything twice.",
                e);
        }

        File.WriteAllText(holder, string.Create(
            CultureInfo.InvariantCulture,
            $"process {Environment.ProcessId} on {Environment.MachineName}, since {time.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC"));
        return new WatchLock(held, holder);
    }

    public void Dispose()
    {
        File.Delete(_holder);
        _held.Dispose();
    }

    private static string Read(string holder)
    {
        try
        {
            return File.ReadAllText(holder);
        }
        catch (IOException)
        {
            return "by a process that just began";
        }
    }
}
