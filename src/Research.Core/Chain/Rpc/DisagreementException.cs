namespace Research.Chain.Rpc;

/// <summary>Two nodes of one chain say different things, on which money depends; nothing was sent.</summary>
public sealed class DisagreementException : ChainException
{
    internal DisagreementException(string what, string first, string firstSays, string second, string secondSays)
        : base(
            $"Two nodes disagree about {what}: {first} says {firstSays}, {second} says {secondSays}. One of them lies, or is on "
            + "another branch of the chain. Nothing was sent: try again later, or name a node that you trust with --rpc.")
    {
    }
}
