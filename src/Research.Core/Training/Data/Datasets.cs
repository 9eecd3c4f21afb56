using System.IO.Compression;
using System.Reflection;

namespace Research.Training.Data;

/// <summary>Opens data sets by name.</summary>
public static class Datasets
{
    private const int MnistClasses = 10;
    private const float LargestDigitPixel = 16;

    /// <summary>Gets the forms that a data set's name can have: <c>digits</c>, <c>csv:FILE</c> and so on.</summary>
    public static IReadOnlyList<string> Forms { get; } = ["digits", "fashion-mnist:FOLDER", "mnist:FOLDER", "csv:FILE"];

    /// <summary>Says whether a name has one of the <see cref="Forms"/>; looks at no file.</summary>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Split(':', 2) switch
        {
            ["digits"] => true,
            ["fashion-mnist" or "mnist" or "csv", string path] => !string.IsNullOrWhiteSpace(path),
            _ => false,
        };
    }

    /// <summary>
    /// Says whether the records of a data set are somebody's own: those of a CSV file are, the others are published.
    /// </summary>
    public static bool IsOwn(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith("csv:", StringComparison.Ordinal);
    }

    /// <summary>Opens a data set, split into training and test examples.</summary>
    /// <remarks>
    /// <c>digits</c>: the 1,797 UCI 8×8 digits, shape [64], in [0, 1]; 1,437 train and 360 test by a fixed stratified
    /// split.
    /// <c>mnist:FOLDER</c>, <c>fashion-mnist:FOLDER</c>: the four IDX files, .gz or not, shape [1, 28, 28], in [0, 1];
    /// the files' own split.
    /// <c>csv:FILE</c>: numbers, the last column a label from 0; header optional, .gz or not; each record's own bytes
    /// say whether it is for test, about a fifth are, so that no record moves another one. A column named <c>unit</c>
    /// in the header says who each row belongs to: all of a unit goes one way, and is charged as a group.
    /// </remarks>
    /// <param name="name">One of those names.</param>
    /// <exception cref="ArgumentException">The name is none of them.</exception>
    /// <exception cref="DataFormatException">A file does not hold what it should.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    public static DatasetSplit Open(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        string kind = colon < 0 ? name : name[..colon];
        string path = colon < 0 ? "" : name[(colon + 1)..];
        return (kind, path.Length > 0) switch
        {
            ("digits", false) => Digits(),
            ("mnist" or "fashion-mnist", true) => Images(name, path),
            ("csv", true) => Csv(name, path),
            _ => throw new ArgumentException(
                $"Expected digits, mnist:FOLDER, fashion-mnist:FOLDER or csv:FILE; got '{name}'.", nameof(name)),
        };
    }

    private static DatasetSplit Digits()
    {
        const string Resource = "digits.csv.gz";
        using Stream packed = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing from Research.Core.");
        using StreamReader text = new(new GZipStream(packed, CompressionMode.Decompress));
        Dataset raw = CsvTable.Read(text, Resource);
        float[] inputs = raw.Inputs.ToArray();
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] /= LargestDigitPixel;
        }

        return StratifiedSplit.Cut("digits", Dataset.Over(inputs, raw.Labels, raw.Shape, raw.Classes));
    }

    private static DatasetSplit Csv(string name, string path)
    {
        using StreamReader text = new(BoundedFile.Open(path));
        try
        {
            return RecordSplit.Cut(name, CsvTable.Read(text, path));
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(path, "the compressed stream", "gzip data", "something else", e);
        }
    }

    private static DatasetSplit Images(string name, string folder) => new(
        name,
        IdxFile.Read(Find(folder, "train-images-idx3-ubyte"), Find(folder, "train-labels-idx1-ubyte"), MnistClasses),
        IdxFile.Read(Find(folder, "t10k-images-idx3-ubyte"), Find(folder, "t10k-labels-idx1-ubyte"), MnistClasses));

    private static string Find(string folder, string file)
    {
        string plain = Path.Combine(folder, file);
        string packed = plain + ".gz";
        return File.Exists(plain) ? plain
            : File.Exists(packed) ? packed
            : throw new FileNotFoundException($"Expected {plain} or {packed}; neither exists.", plain);
    }
}
