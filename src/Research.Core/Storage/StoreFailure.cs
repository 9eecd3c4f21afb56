namespace Research.Storage;

/// <summary>An attempt failed in a way that another may not: the connection broke, the store is busy.</summary>
/// <param name="why">What was seen, and what to do.</param>
/// <param name="retryAfter">How long the store asks to wait; null where it does not.</param>
/// <param name="innerException">What was seen.</param>
internal sealed class StoreFailure(string why, TimeSpan? retryAfter = null, Exception? innerException = null)
    : Exception(why, innerException)
{
    /// <summary>Gets how long the store asks to wait.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
