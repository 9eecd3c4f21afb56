using System.Net;
using System.Text;
using Research.Storage;

namespace Research.Cli.Stores;

/// <summary>What a <see cref="BlobServer"/> serves, where, and the limits that it holds strangers to.</summary>
internal sealed record BlobServerOptions
{
    /// <summary>Gets the folder, laid out as <see cref="FolderStore"/> has it.</summary>
    public required string Folder { get; init; }

    /// <summary>Gets where it listens; port 0 for any free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Gets the largest blob it takes, in bytes.</summary>
    public long LargestBytes { get; init; } = BlobLimits.MostBytes;

    /// <summary>Gets how many bytes everything may take on disk, uploads under way included.</summary>
    public long QuotaBytes { get; init; } = 10L << 30;

    /// <summary>Gets what a writer must know; null where everybody may write.</summary>
    public string? Token { get; init; }

    /// <summary>Gets how many connections are served at once; more are closed.</summary>
    public int MostConnections { get; init; } = 256;

    /// <summary>Gets how many uploads are taken at once; more wait for their turn.</summary>
    public int MostUploads { get; init; } = 32;

    /// <summary>Gets how many of them one client's address may have; a quarter where nothing else is said.</summary>
    public int MostUploadsOfOne
    {
        get => field > 0 ? field : Math.Max(1, MostUploads / 4);
        init;
    }

    /// <summary>Gets how long an upload waits for its turn.</summary>
    public TimeSpan TurnPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how many cut uploads are kept to be gone on with; the oldest gives way to a new one.</summary>
    public int MostParts { get; init; } = 64;

    /// <summary>Gets how long a cut upload is kept.</summary>
    public TimeSpan PartLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Gets how many bytes a second a client must at least send or take.</summary>
    public int LeastBytesPerSecond { get; init; } = 1024;

    /// <summary>Gets how long a client may be slower than that at first.</summary>
    public TimeSpan SlowStart { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets who is told of what goes wrong on this side; null for nobody.</summary>
    public IProgress<string>? Notices { get; init; }

    /// <summary>Gets the clock of kept uploads.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    // Never the token.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append($"{Folder} at {Listen}");
        return true;
    }
}
