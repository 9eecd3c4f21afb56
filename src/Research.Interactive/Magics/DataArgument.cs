using Research.Training.Data;

namespace Research.Interactive.Magics;

/// <summary>The option that names a data set.</summary>
internal static class DataArgument
{
    /// <summary>The forms of a name, in a sentence.</summary>
    public const string Expected = "digits, fashion-mnist:FOLDER, mnist:FOLDER or csv:FILE";

    private const string Name = "--data";
    private const int MostFiles = 200;

    /// <summary>Gets the option.</summary>
    public static MagicParameter Parameter { get; } = new(
        Name, $"The data set: {Expected}.")
    {
        Value = "NAME",
        Complete = scope => Datasets.Forms.Select(Fixed).Concat(Tables(scope.Folder)),
    };

    /// <summary>Gets the name that was given, or null.</summary>
    /// <exception cref="RefusedException">It has another form.</exception>
    public static string? NameIn(MagicArguments arguments) => arguments.Text(Name) switch
    {
        null => null,
        string name when Datasets.IsName(name) => name,
        string other => throw MagicArguments.Unexpected(Name, Expected, other),
    };

    /// <summary>Opens a data set; its path is seen from the notebook.</summary>
    /// <exception cref="IOException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file does not hold what it should.</exception>
    public static DatasetSplit Open(MagicCall call, string name)
    {
        string[] parts = name.Split(':', 2);
        return Datasets.Open(parts.Length == 1 ? name : $"{parts[0]}:{call.PathOf(parts[1])}");
    }

    // What stands before the placeholder: mnist:FOLDER is completed to mnist:.
    private static string Fixed(string form) =>
        form.Contains(':', StringComparison.Ordinal) ? $"{form.Split(':')[0]}:" : form;

    private static IReadOnlyList<string> Tables(string folder)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFiles(folder, "*.csv*").Take(MostFiles)
                    .Select(file => $"csv:{Path.GetFileName(file)}").Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // No such folder, or none of ours.
        }
    }
}
