namespace Research.Chain.Rpc;

/// <summary>No usable answer came from the node; the message says what was tried and what to check.</summary>
public sealed class RpcConnectionException : ChainException
{
    internal RpcConnectionException(string message, bool isTransient = false, Exception? innerException = null)
        : base(message, innerException) => IsTransient = isTransient;

    /// <summary>Gets whether the same request may succeed later without anybody changing anything.</summary>
    public bool IsTransient { get; }
}
