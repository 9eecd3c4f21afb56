namespace Research.Chain;

/// <summary>
/// Anything that a chain, or the way to it, answers instead of a result; the base of this folder's exceptions.
/// </summary>
public abstract class ChainException : Exception
{
    private protected ChainException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
