namespace Research.Chain;

/// <summary>A local chain could not be installed, started or kept running; the message says what is needed.</summary>
public sealed class DevChainException : ChainException
{
    internal DevChainException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
