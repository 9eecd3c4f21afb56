using System.Text;

namespace Research.Storage;

/// <summary>Patience, token and places of a <see cref="HttpStore"/>.</summary>
public sealed record HttpStoreOptions
{
    /// <summary>The environment variable that programs take the token from.</summary>
    public const string TokenVariable = "RESEARCH_STORE_TOKEN";

    /// <summary>
    /// Gets how long a store may go without progress, above 0: until it answers, and for every 64 KiB after that. 30 s.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how often a request is made before it counts as failed, at least 1; while bytes come, more often. 4.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Sets what the store asks of writers, visible ASCII; sent to write, never to read, and shown by nothing.</summary>
    public string? Token { internal get; init; }

    /// <summary>Gets who is told how far blobs have come; null for nobody.</summary>
    public IProgress<BlobProgress>? Progress { get; init; }

    /// <summary>
    /// Gets the folder in which a download that was cut stays, for another process to go on with; null to keep it in
    /// memory only. What nobody went on with for a week is deleted.
    /// </summary>
    public string? PartsFolder { get; init; }

    /// <summary>
    /// Gets whether the store is connected to on the public internet only, never on this machine or in its own network: for
    /// an address that a stranger gave. False.
    /// </summary>
    public bool PublicOnly { get; init; }

    /// <summary>Gets the longest that a store's <c>Retry-After</c> is listened to. 30 s.</summary>
    internal TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the clock of all of these.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    // A record would print every property, and the token is one.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append($"{nameof(Timeout)} = {Timeout}, {nameof(Attempts)} = {Attempts}, {nameof(PartsFolder)} = {PartsFolder}");
        return true;
    }
}
