namespace Research.Chain.Abi;

/// <summary>An ABI type that does not parse, a value that does not fit its type, or bytes that do not decode.</summary>
public sealed class AbiException : ChainException
{
    internal AbiException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
