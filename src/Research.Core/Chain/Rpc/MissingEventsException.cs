namespace Research.Chain.Rpc;

/// <summary>A query for events would have left some out: it began too late, or the node does not keep them.</summary>
public sealed class MissingEventsException : ChainException
{
    internal MissingEventsException(string message)
        : base(message)
    {
    }
}
