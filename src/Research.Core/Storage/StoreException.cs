namespace Research.Storage;

/// <summary>A store cannot be asked, or did not take what it was given.</summary>
public sealed class StoreException : IOException
{
    /// <summary>Says which store, and why.</summary>
    /// <param name="store">The store's <see cref="IBlobStore.Name"/>.</param>
    /// <param name="why">What it did, and what to do about it.</param>
    /// <param name="innerException">What was seen.</param>
    public StoreException(string store, string why, Exception? innerException = null)
        : base($"The store {store}: {why}", innerException) =>
        Store = store;

    /// <summary>Gets the store's name.</summary>
    public string Store { get; }
}
