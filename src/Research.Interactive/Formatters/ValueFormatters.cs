using Microsoft.DotNet.Interactive.Formatting;
using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Federation.Evaluation;
using Research.Market;
using Research.Privacy.Auditing;
using Research.Privacy.Ledger;
using Research.Privacy.Mechanisms;
using Research.Privacy.Sums;
using Research.Storage;
using Research.Training;
using Research.Training.Data;
using Research.Training.Data.Scattering;

namespace Research.Interactive.Formatters;

/// <summary>How the library's values look in a notebook, in every host alike.</summary>
/// <remarks>
/// A figure and a result table bring their own forms with them, by the formatting library's convention. What holds a
/// secret is here so that no host walks into it: the defaults show every public property.
/// </remarks>
internal static class ValueFormatters
{
    private const string Html = "text/html";
    private const string Text = "text/plain";

    /// <summary>Gets a formatter for each type.</summary>
    public static IReadOnlyList<ValueFormatter> All { get; } =
    [
        ValueFormatter.Of<Card>(card => card), // What magic commands show.
        ValueFormatter.Of<ModelSpec>(SpecCard.Of),
        ValueFormatter.Of<TrainingRun>(RunCard.Of),
        ValueFormatter.Of<Evaluation>(EvaluationCard.Of),
        ValueFormatter.Of<AuditResult>(AuditCard.Of),
        ValueFormatter.Of<PrivacyLedger>(LedgerCard.Of),
        ValueFormatter.Of<LedgerEntry>(LedgerCard.Of),
        ValueFormatter.Of<LedgerVerification>(LedgerCard.Of),
        ValueFormatter.Of<PrivacyReceipt>(PrivacyReceiptCard.Of),
        ValueFormatter.Of<RandomSource>(RandomnessCard.Of),
        ValueFormatter.Of<ReleasedModel>(ModelCards.Of),
        ValueFormatter.Of<ModelUpdate>(ModelCards.Of),
        ValueFormatter.Of<GlobalModel>(ModelCards.Of),
        ValueFormatter.Of<Network>(ModelCards.Of),
        ValueFormatter.Of<Checkpoint>(ModelCards.Of),
        ValueFormatter.Of<TrainingState>(ModelCards.Of),
        ValueFormatter.Of<SafeTensor>(ModelCards.Of),
        ValueFormatter.Of<ChannelStatistics>(ModelCards.Of),
        ValueFormatter.Of<Dataset>(DataCards.Of),
        ValueFormatter.Of<DatasetSplit>(DataCards.Of),
        ValueFormatter.Of<DataIdentity>(DataCards.Of),
        ValueFormatter.Of<EvaluationRecords>(DataCards.Of),
        ValueFormatter.Of<CommittedRecords>(DataCards.Of),
        ValueFormatter.Of<EvaluationSample>(DataCards.Of),
        ValueFormatter.Of<ScoringRecords>(DataCards.Of),
        ValueFormatter.Of<TransactionReceipt>(TransactionCard.Of),
        ValueFormatter.Of<Publication>(TransactionCard.Of),
        ValueFormatter.Of<PrivateKeyAccount>(ChainCards.Of),
        ValueFormatter.Of<EthereumClient>(ChainCards.Of),
        ValueFormatter.Of<TrainingMarket>(ChainCards.Of),
        ValueFormatter.Of<DevChain>(ChainCards.Of),
        ValueFormatter.Of<RoundResults>(MarketCards.Of),
        ValueFormatter.Of<UpdateShown>(MarketCards.Of),
        ValueFormatter.Of<KeysOpened>(MarketCards.Of),
        new(typeof(Wei), value => ScalarAppearance.Of((Wei)value)),
        new(typeof(Address), value => ScalarAppearance.Of((Address)value)),
        new(typeof(Bytes24), value => ScalarAppearance.Of((Bytes24)value)),
        new(typeof(Bytes32), value => ScalarAppearance.Of((Bytes32)value)),
        new(typeof(ContentHash), value => ScalarAppearance.Of((ContentHash)value)),
    ];

    /// <summary>Registers them with the formatting library; what is registered for a type already stays.</summary>
    /// <remarks>Called before each cell too: <c>Formatter.ResetToDefault</c> would leave the library's values to the
    /// defaults, which show every public property.</remarks>
    /// <returns>Whether any was missing.</returns>
    public static bool Register()
    {
        HashSet<Type> known =
            [.. Formatter.RegisteredFormatters(includeDefaults: false).Select(formatter => formatter.Type)];
        ValueFormatter[] missing = [.. All.Where(formatter => !known.Contains(formatter.Type))];
        foreach (ValueFormatter formatter in missing)
        {
            Formatter.Register(formatter.Type, (value, writer) => writer.Write(formatter.Show(value).Html), Html);
            Formatter.Register(formatter.Type, (value, writer) => writer.Write(formatter.Show(value).Text), Text);
            Formatter.SetPreferredMimeTypesFor(formatter.Type, Html, Text);
        }

        return missing.Length > 0;
    }
}
