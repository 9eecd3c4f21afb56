using System.Globalization;
using Research.Training;

namespace Research.Interactive.Formatters;

/// <summary>A training: its loss curve, what it costs and whose noise that is; never its weights.</summary>
internal static class RunCard
{
    private const string LossesAreLocal = "The losses of a private run are not private: keep them on this machine, and "
        + "clear this output before the notebook is shared.";

    private const string WeightsStay =
        "Its weights stay in it until ReleasedModel.Release or ModelUpdate.Release charges them.";

    public static Card Of(TrainingRun run)
    {
        bool isPrivate = run.Spec.Privacy is not null;
        Card card = new Card($"TrainingRun of {run.Spec.Name}")
            .Line("spec hash", run.Spec.Hash.ToString())
            .Line("steps", run.LossCurve.Count.ToString("N0", CultureInfo.InvariantCulture))
            .Line("privacy", SpecCard.Cost(run.Spec));
        if (isPrivate)
        {
            card.Line("noise", run.IsNoiseCryptographic
                    ? "cryptographic"
                    : "SEEDED: this run is NOT PRIVATE, whatever its ε says")
                .Line("weights", WeightsStay);
        }

        if (run.LossCurve is [.., { Validation: { } last }])
        {
            card.Line("held out", EvaluationCard.Words(last));
        }

        card.Figure(LossFigure.Of($"Loss of {run.Spec.Name}", run.LossCurve));
        return isPrivate ? card.Note(LossesAreLocal) : card;
    }
}
