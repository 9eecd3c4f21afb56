using Research.Chain;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Tests.Chain.Rpc;

/// <summary>Contracts of a few opcodes that do one thing each.</summary>
internal static class TinyContracts
{
    /// <summary>Reverts with its call data.</summary>
    public const string Reverts = "365f5f37365ffd";

    /// <summary>Returns its call data.</summary>
    public const string Returns = "365f5f37365ff3";

    /// <summary>Logs its call data under its first word as the topic.</summary>
    public const string Logs = "365f5f375f35365fa100";

    /// <summary>Never ends.</summary>
    public const string Loops = "5b5f56";

    public static async Task<Address> DeployAsync(DevChain chain, int account, string runtime)
    {
        // PUSH1 length, DUP1, PUSH1 9, PUSH0, CODECOPY, PUSH0, RETURN, then the runtime code.
        byte[] creation = Convert.FromHexString($"60{runtime.Length / 2:x2}8060095f395ff3{runtime}");
        TransactionReceipt receipt = await chain.Client.SendAsync(
            chain.Accounts[account], new CallRequest { Data = creation });
        return receipt.ContractAddress!.Value;
    }
}
