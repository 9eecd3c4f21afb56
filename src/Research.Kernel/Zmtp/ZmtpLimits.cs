namespace Research.Kernel.Zmtp;

/// <summary>What a peer may ask for before its connection ends.</summary>
internal sealed record ZmtpLimits
{
    /// <summary>Gets the limits of a kernel.</summary>
    public static ZmtpLimits Default { get; } = new();

    /// <summary>Gets the most bytes of one message, all frames together; also the most of one frame.</summary>
    public int MessageBytes { get; init; } = 64 << 20;

    /// <summary>Gets the most frames of one message.</summary>
    public int Frames { get; init; } = 1024;

    /// <summary>Gets the most bytes of a command, such as <c>READY</c>.</summary>
    public int CommandBytes { get; init; } = 4096;

    /// <summary>Gets the most connections to one socket at a time.</summary>
    public int Connections { get; init; } = 128;

    /// <summary>Gets the most topics that one subscriber names.</summary>
    public int Subscriptions { get; init; } = 256;

    /// <summary>Gets how long greeting and handshake may take together.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the bytes that may wait for one slow peer; what comes later is dropped for it alone.</summary>
    public long WaitingBytes { get; init; } = 128 << 20;
}
