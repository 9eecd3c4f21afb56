using System.Globalization;
using Research.Federation.Scoring;
using Research.Privacy.Sums;
using Research.Training.Data;

namespace Research.Interactive.Formatters;

/// <summary>Records: their shape and how many there are, never themselves or a salt.</summary>
internal static class DataCards
{
    private const string Local = "How many records are one's own is not private: keep it local.";

    public static Card Of(Dataset data) => Shape(new Card("Dataset"), data);

    public static Card Of(DatasetSplit split) => new Card($"DatasetSplit {split.Name}")
        .Line("shape", $"[{string.Join(", ", split.Train.Shape)}]")
        .Line("classes", Number(split.Train.Classes))
        .Line("train", Number(split.Train.Count))
        .Line("test", Number(split.Test.Count))
        .Note(Datasets.IsOwn(split.Name) ? Local : "Published records.");

    public static Card Of(DataIdentity identity) => new Card("DataIdentity")
        .Line("records", Number(identity.Count))
        .Line("units", identity.HasUnits ? "named" : "none: each row is a record")
        .Note(Local);

    public static Card Of(EvaluationSet set) => Shape(
        new Card("EvaluationSet")
            .Line("sha256", set.Hash.ToString())
            .Note("Its bytes hold a secret salt and the records: keep them until the task opens them."),
        set.Records);

    private static Card Shape(Card card, Dataset data) => card
        .Line("records", Number(data.Count))
        .Line("shape", $"[{string.Join(", ", data.Shape)}]")
        .Line("classes", Number(data.Classes));

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
