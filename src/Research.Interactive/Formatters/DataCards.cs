using System.Globalization;
using Research.Federation.Evaluation;
using Research.Privacy.Sums;
using Research.Training.Data;

namespace Research.Interactive.Formatters;

/// <summary>Records: their shape and how many there are, never themselves or a key.</summary>
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

    public static Card Of(EvaluationRecords records) => new Card("EvaluationRecords")
        .Line("score", Number(records.Examples))
        .Line("opened before", Number(records.Examples))
        .Line("fraction", Number(records.Fraction))
        .Line("sha256", records.Commitment.Sha256.ToString())
        .Note("It holds the records and their secret keys: keep it until the task opens them.");

    public static Card Of(CommittedRecords records) => new Card("CommittedRecords")
        .Line("records", Number(records.Count))
        .Line("bytes", Number(records.Bytes.Length))
        .Line("sha256", records.Commitment.Sha256.ToString())
        .Note("Each record lies under a key of its own.");

    public static Card Of(EvaluationSample sample) => Shape(new Card("EvaluationSample"), sample.Records)
        .Note("Opened before anybody commits.");

    public static Card Of(ScoringRecords records) => new Card("ScoringRecords")
        .Line("records", Number(records.Count))
        .Line("shape", $"[{string.Join(", ", records.Shape)}]")
        .Line("classes", Number(records.Classes))
        .Line("fraction", Number(records.Fraction))
        .Line("sha256", records.Hash.ToString());

    private static Card Shape(Card card, Dataset data) => card
        .Line("records", Number(data.Count))
        .Line("shape", $"[{string.Join(", ", data.Shape)}]")
        .Line("classes", Number(data.Classes));

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
