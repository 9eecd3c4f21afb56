namespace Research.Chain.Rpc;

/// <summary>The node's answer is JSON-RPC, but not what the method returns; the message names the field.</summary>
public sealed class RpcFormatException : ChainException
{
    internal RpcFormatException(string path, string expected, string actual)
        : base($"{path}: expected {expected}, got {actual}.")
    {
    }
}
