using Nethereum.ABI.Model;
using Research.Chain.Primitives;
using Research.Chain.Signing;

namespace Research.Chain.Rpc;

/// <summary>What would have been sent, had <see cref="EthereumClientOptions.IsDryRun"/> not been set; nothing was.</summary>
/// <remarks>No <see cref="ChainException"/>: who goes on after those must not go on after this.</remarks>
public sealed class DryRunException : Exception
{
    internal DryRunException(Eip1559Transaction transaction, CallRequest request, ulong gasLimit, FeeEstimate fee)
        : base($"Nothing was sent: a dry run. {request.From} would send {request.Value} to {request.To?.ToString() ?? "a new contract"}.")
    {
        ChainId = transaction.ChainId;
        From = request.From!.Value;
        To = request.To;
        Value = request.Value;
        GasLimit = gasLimit;
        GasExpected = request.GasLimit is null ? gasLimit / 5 * 4 : gasLimit;
        GasPrice = fee.BaseFeePerGas + fee.MaxPriorityFeePerGas;
        MaximumGasPrice = fee.MaxFeePerGas;
        Function = NameOf(request);
    }

    /// <summary>Gets the chain.</summary>
    public ulong ChainId { get; }

    /// <summary>Gets who would sign.</summary>
    public Address From { get; }

    /// <summary>Gets where it would go; null for the deployment of a contract.</summary>
    public Address? To { get; }

    /// <summary>Gets the contract's function; null for a deployment, or where it is not known.</summary>
    public string? Function { get; }

    /// <summary>Gets the wei sent along.</summary>
    public Wei Value { get; }

    /// <summary>Gets the gas that it would take, as the node estimates.</summary>
    public ulong GasExpected { get; }

    /// <summary>Gets the gas that would be bought at most.</summary>
    public ulong GasLimit { get; }

    /// <summary>Gets what a unit of gas costs now, in wei, tip included.</summary>
    public Wei GasPrice { get; }

    /// <summary>Gets the most that would be offered for a unit of gas, in wei.</summary>
    public Wei MaximumGasPrice { get; }

    private static string? NameOf(CallRequest request)
    {
        if (request.To is null || request.Data.Length < 4)
        {
            return null;
        }

        string selector = Convert.ToHexStringLower(request.Data.Span[..4]);
        FunctionABI? function = request.KnownAbi?.Functions.FirstOrDefault(
            one => one.Sha3Signature.Replace("0x", "", StringComparison.Ordinal) == selector);
        return function?.Name;
    }
}
