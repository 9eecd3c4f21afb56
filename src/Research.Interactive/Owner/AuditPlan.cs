using Research.Training;
using Research.Training.Data;

namespace Research.Interactive.Owner;

/// <summary>What an audit takes when nobody says, and what is said of it.</summary>
internal static class AuditPlan
{
    /// <summary>The confidence of the bounds.</summary>
    public const double DefaultConfidence = 0.95;

    /// <summary>What is said of an audit among one's own records.</summary>
    public const string LocalOnly = "The canaries hid among your own records, and no epsilon pays for what an audit shows: "
        + "keep it on this machine.";

    /// <summary>What is said of a plan that no finite ε bounds.</summary>
    public const string NothingClaimed =
        "No finite epsilon is claimed for this plan, so there is nothing to audit: it has too little noise.";

    private const int LeastTrials = 20_000;
    private const int MostTrials = 300_000;
    private const double AffordableObservations = 3e8; // Of a canary at a step: ten seconds on one core.

    /// <summary>Gets how many trials there are: what takes seconds.</summary>
    public static int DefaultTrials(int steps) =>
        (int)Math.Clamp(AffordableObservations / steps, LeastTrials, MostTrials);

    /// <summary>Makes one blank record: canaries need no company, for what others add is known to the adversary
    /// anyway.</summary>
    public static Dataset Blank(ModelSpec spec)
    {
        int size = spec.Model.Input.Aggregate(1, (product, length) => product * length);
        return new Dataset(new float[size], new int[1], spec.Model.Input, classes: 1);
    }
}
