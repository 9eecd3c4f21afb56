namespace Research.Chain.Signing;

/// <summary>A signer outside this process refused, or signed something else; nothing was sent.</summary>
public sealed class SignerException : ChainException
{
    internal SignerException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
