namespace Research.Chain.Rpc;

/// <summary>The node answered with a JSON-RPC error.</summary>
public sealed class RpcException : ChainException
{
    // Of geth and those that follow it, Nethermind, Besu, and anvil.
    private static readonly string[] NonceWords =
    [
        "nonce too low", "replacement transaction underpriced", "already known", "OldNonce", "AlreadyKnown",
        "nonce has already been used", "known transaction", "already imported",
    ];

    internal RpcException(string method, long code, string rpcMessage, string? data)
        : base($"{method} failed: {Primitives.Hex.Excerpt(rpcMessage)} (code {code}).")
    {
        Code = code;
        RpcMessage = rpcMessage;
        ErrorData = data;
    }

    /// <summary>Gets the error's code.</summary>
    public long Code { get; }

    /// <summary>Gets the node's message.</summary>
    public string RpcMessage { get; }

    /// <summary>Gets the error's data, a string as it is and anything else as JSON; null if there is none.</summary>
    public string? ErrorData { get; }

    /// <summary>
    /// Gets whether it says that a contract reverted. Codes: 3 in geth, anvil and erigon; -32015 in Nethermind.
    /// </summary>
    internal bool IsRevert =>
        Code is 3 or -32015 || RpcMessage.Contains("execution reverted", StringComparison.OrdinalIgnoreCase);

    /// <summary>Gets whether it says that another transaction has the nonce, so that this one was not taken.</summary>
    internal bool IsNonceTaken => NonceWords.Any(words => RpcMessage.Contains(words, StringComparison.OrdinalIgnoreCase));
}
