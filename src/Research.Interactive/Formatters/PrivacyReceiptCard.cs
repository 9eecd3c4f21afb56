using System.Globalization;
using Research.Privacy.Sums;

namespace Research.Interactive.Formatters;

/// <summary>What a run did: its plan; nothing of the records that it was given.</summary>
internal static class PrivacyReceiptCard
{
    public static Card Of(PrivacyReceipt receipt) => new Card("PrivacyReceipt")
        .Line("run", receipt.Id)
        .Line("plan", LedgerText.PlanWithSteps(receipt.Plan))
        .Line("steps done", receipt.StepsDone.ToString("N0", CultureInfo.InvariantCulture))
        .Line("noise", LedgerText.Noise(receipt.IsNoiseSecret));
}
