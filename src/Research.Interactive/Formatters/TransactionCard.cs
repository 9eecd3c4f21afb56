using System.Globalization;
using Research.Chain.Contracts;
using Research.Chain.Rpc;

namespace Research.Interactive.Formatters;

/// <summary>A transaction that was mined.</summary>
internal static class TransactionCard
{
    public static Card Of(TransactionReceipt receipt) =>
        Add(new Card($"Transaction, {(receipt.Succeeded ? "mined" : "FAILED")}"), receipt);

    public static Card Of(Publication publication) => Add(
        new Card("Publication").Line("task", publication.TaskId.ToString(CultureInfo.InvariantCulture)),
        publication.Receipt);

    private static Card Add(Card card, TransactionReceipt receipt) => card
        .Line("transaction", receipt.TransactionHash.ToString())
        .Line("block", receipt.BlockNumber.ToString("N0", CultureInfo.InvariantCulture))
        .Line("gas used", receipt.GasUsed.ToString("N0", CultureInfo.InvariantCulture))
        .Line("fee", receipt.Fee.ToString())
        .Line("contract made", receipt.ContractAddress?.ToString())
        .Line("events", receipt.Logs.Count.ToString(CultureInfo.InvariantCulture));
}
