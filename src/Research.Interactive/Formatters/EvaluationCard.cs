using System.Globalization;
using Research.Training;

namespace Research.Interactive.Formatters;

/// <summary>How well a network does.</summary>
internal static class EvaluationCard
{
    public static Card Of(Evaluation evaluation) => new Card("Evaluation")
        .Line("accuracy", string.Create(CultureInfo.InvariantCulture, $"{evaluation.Accuracy * 100:0.00} %"))
        .Line("loss", string.Create(CultureInfo.InvariantCulture, $"{evaluation.Loss:0.0000} nats"))
        .Line("examples", evaluation.Count.ToString("N0", CultureInfo.InvariantCulture));

    public static string Words(Evaluation evaluation) => string.Create(
        CultureInfo.InvariantCulture,
        $"accuracy {evaluation.Accuracy * 100:0.00} %, loss {evaluation.Loss:0.0000} nats, {evaluation.Count:N0} examples");
}
