using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Chain.Primitives;

namespace Research.Chain.Rpc;

/// <summary>Before money moves: what one node says of chain, contract and account, held against another.</summary>
/// <remarks>
/// Blocks and the account's nonce are compared as deep as confirmations ask, where honest nodes agree however far apart
/// their newest blocks are; the chain's number is compared before anything is asked of a node.
/// </remarks>
internal static class SecondOpinion
{
    /// <summary>Throws where two nodes disagree; says so where there is no second to ask.</summary>
    /// <param name="endpoints">The nodes.</param>
    /// <param name="options">How deep to look, and who is told.</param>
    /// <param name="account">Who will sign.</param>
    /// <param name="contract">Where the transaction goes; null for a deployment.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DisagreementException">They disagree.</exception>
    public static async Task RequireAsync(
        RpcEndpoints endpoints,
        EthereumClientOptions options,
        Address account,
        Address? contract,
        CancellationToken cancellationToken)
    {
        if (endpoints.Count < 2)
        {
            return;
        }

        IReadOnlyList<(string Node, ulong Answer)> heads = await endpoints.AskTwoAsync(
            async ask => RpcJson.ReadUInt64(await ask("eth_blockNumber", []).ConfigureAwait(false), "eth_blockNumber"),
            cancellationToken).ConfigureAwait(false);
        ulong newest = heads.Count == 0 ? 0 : heads.Min(head => head.Answer);
        ulong depth = (ulong)Math.Max(1, options.Confirmations);
        string block = RpcJson.Quantity(newest > depth ? newest - depth : 0);
        IReadOnlyList<(string Node, Facts Answer)> said = await endpoints
            .AskTwoAsync(ask => FactsAsync(ask, block, account, contract), cancellationToken).ConfigureAwait(false);
        if (said.Count < 2)
        {
            options.Notices?.Report(
                "Only one node of the network answers: what it says could not be held against another's word.");
            return;
        }

        ((string first, Facts a), (string second, Facts b)) = (said[0], said[1]);
        Compare($"the hash of block {block}", a.BlockHash.ToString(), b.BlockHash.ToString());
        Compare($"the nonce of {account} at block {block}", $"{a.Nonce}", $"{b.Nonce}");
        Compare($"the code of {contract} (its Keccak-256)", a.CodeHash.ToString(), b.CodeHash.ToString());

        void Compare(string what, string one, string other)
        {
            if (one != other)
            {
                throw new DisagreementException(what, first, one, second, other);
            }
        }
    }

    private static async Task<Facts> FactsAsync(
        Func<string, JsonArray, Task<JsonElement>> ask, string block, Address account, Address? contract)
    {
        JsonElement header = await ask("eth_getBlockByNumber", [block, false]).ConfigureAwait(false);
        JsonElement nonce = await ask("eth_getTransactionCount", [account.ToString(), block]).ConfigureAwait(false);
        byte[] code = contract is Address address
            ? RpcJson.ReadBytes(
                await ask("eth_getCode", [address.ToString(), "latest"]).ConfigureAwait(false), "eth_getCode")
            : [];
        return new Facts(
            Block.Read(header).Hash,
            RpcJson.ReadUInt64(nonce, "eth_getTransactionCount"),
            Keccak256.Hash(code));
    }

    private sealed record Facts(Bytes32 BlockHash, ulong Nonce, Bytes32 CodeHash);
}
