using System.Globalization;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Plotting;
using Research.Privacy;
using Research.Training;
using Research.Training.Data.Scattering;

namespace Research.Interactive.Formatters;

/// <summary>Whatever holds weights: which tensors and how many numbers, never the numbers.</summary>
internal static class ModelCards
{
    private const int MostTensors = 40;

    public static Card Of(ReleasedModel model) => new Card($"ReleasedModel {model.Spec.Name}")
        .Line("spec hash", model.Spec.Hash.ToString())
        .Line("weights", Count(model.Checkpoint.Parameters))
        .Line("paid by", Entry(model.Entry.Sequence, model.Entry.Epsilon))
        .Line("noise", LedgerText.Noise(model.Entry.IsNoiseSecret));

    public static Card Of(ModelUpdate update) => new Card("ModelUpdate")
        .Line("sha256", update.Hash.ToString())
        .Line("starts from", update.Start.ToString())
        .Line("round", (update.Round + 1).ToString(CultureInfo.InvariantCulture))
        .Line("numbers", update.Delta.Length.ToString("N0", CultureInfo.InvariantCulture))
        .Line("bytes", update.Bytes.Length.ToString("N0", CultureInfo.InvariantCulture))
        .Line("paid by", update.Entry is { } entry ? Entry(entry.Sequence, entry.Epsilon) : null)
        .Line("noise", update.Entry is { } charged ? LedgerText.Noise(charged.IsNoiseSecret) : null);

    public static Card Of(GlobalModel model) => Tensors(
        new Card($"GlobalModel of {model.Spec.Name}").Line("sha256", model.Hash.ToString()), model.Parameters);

    public static Card Of(Network network) => Tensors(new Card($"Network of {network.Spec.Name}"), network.Parameters);

    public static Card Of(Checkpoint checkpoint) => Tensors(new Card("Checkpoint"), checkpoint.Parameters);

    public static Card Of(TrainingState state) => new Card("TrainingState")
        .Line("spec hash", state.SpecHash.ToString())
        .Line("step", state.Step.ToString("N0", CultureInfo.InvariantCulture))
        .Line("private", state.IsPrivate ? "yes: only Seal writes it, for its owner" : "no");

    public static Card Of(SafeTensor tensor) => new Card($"SafeTensor {tensor.Name}")
        .Line("type", tensor.Type.ToString())
        .Line("shape", $"[{string.Join(", ", tensor.Shape)}]");

    public static Card Of(ChannelStatistics statistics) => new Card("ChannelStatistics")
        .Line("channels", statistics.Mean.Length.ToString("N0", CultureInfo.InvariantCulture))
        .Line("plan", LedgerText.PlanWithSteps([statistics.Privacy]));

    private static Card Tensors(Card card, IReadOnlyList<ParameterTensor> parameters) => card
        .Line("weights", Count(parameters))
        .Table(ResultTable.Of(parameters.Take(MostTensors).Select(tensor => new
        {
            Tensor = tensor.Name,
            Shape = $"[{string.Join(", ", tensor.Shape)}]",
        })));

    private static string Entry(int sequence, double epsilon) => string.Create(
        CultureInfo.InvariantCulture,
        $"entry {sequence} of its owner's ledger: ε {EpsilonText.Spent(epsilon)} of the records given since "
            + $"({EpsilonText.Neighbours})");

    private static string Count(IReadOnlyList<ParameterTensor> parameters) => string.Create(
        CultureInfo.InvariantCulture,
        $"{parameters.Sum(parameter => (long)parameter.Length):N0} numbers in {parameters.Count} tensors");
}
