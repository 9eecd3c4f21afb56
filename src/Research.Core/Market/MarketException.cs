namespace Research.Market;

/// <summary>
/// A step of a task that cannot be taken as things stand; the message says why, and what can be done. Nothing was sent.
/// </summary>
public sealed class MarketException : Exception
{
    internal MarketException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
