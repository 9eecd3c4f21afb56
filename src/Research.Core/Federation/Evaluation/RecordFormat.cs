using Research.Storage;
using Research.Training;
using Research.Training.Specification;

namespace Research.Federation.Evaluation;

/// <summary>What a round's records look like: every size of a file follows from it.</summary>
/// <param name="Shape">The shape of an input.</param>
/// <param name="Classes">How many classes; labels are clamped below it.</param>
/// <param name="Fraction">f: an input is its integer times 2^-f.</param>
/// <param name="Examples">R: the records that score a round. As many more are opened before anybody commits.</param>
internal sealed record RecordFormat(IReadOnlyList<int> Shape, int Classes, int Fraction, int Examples)
{
    public const int MostFraction = 15;
    public const int MostClasses = short.MaxValue + 1;
    public const int BlockBytes = 32;
    public const int LeafBytes = 128;
    public const int KeyBytes = 32;

    /// <summary>Gets D, the numbers of an input.</summary>
    public int Size { get; } = Shapes.Size(Shape);

    /// <summary>Gets 2R, the records that a round commits.</summary>
    public int Count => 2 * Examples;

    /// <summary>Gets B, the bytes of a record: whole leaves of the tree.</summary>
    public long RecordBytes => RecordBytesOf(Size);

    /// <summary>Gets the bytes of a round's ciphertext.</summary>
    public long FileBytes => Count * RecordBytes;

    /// <summary>Gets the format of a task's rounds.</summary>
    public static RecordFormat Of(ModelSpec spec)
    {
        TaskSection task = spec.Task
            ?? throw new ArgumentException("Expected a specification with a task section.", nameof(spec));
        IReadOnlyList<int> shape = ShapeOf(spec);
        int classes = spec.Loss.Classes(spec.Bind()[^1].Operator.OutputSize);
        return new RecordFormat(shape, classes, task.Evaluation.Fraction, task.Evaluation.Examples);
    }

    /// <summary>Gets the shape of what is committed to: the features where a specification has them.</summary>
    public static IReadOnlyList<int> ShapeOf(ModelSpec spec) =>
        spec.Model.Features?.OutputShape(spec.Model.Input) ?? spec.Model.Input;

    /// <summary>Gets B of inputs of <paramref name="size"/> numbers.</summary>
    public static long RecordBytesOf(int size) => ((2L * (size + 1)) + LeafBytes - 1) / LeafBytes * LeafBytes;

    /// <summary>Gets the most records that score a round, so that its file can be kept in a store.</summary>
    public static int MostExamples(int size) => (int)(BlobLimits.MostBytes / (2 * RecordBytesOf(size)));
}
