using System.Text;
using Research.Training;

namespace Research.Interactive.Magics;

/// <summary>The word that says which specification: a variable's name, or a file.</summary>
internal static class SpecArgument
{
    private const int MostFiles = 200;
    private const int Head = 4096;

    private static readonly EnumerationOptions Shallow = new() { RecurseSubdirectories = true, MaxRecursionDepth = 1 };

    /// <summary>Gets the parameter.</summary>
    public static MagicParameter Parameter { get; } = new(
        "SPEC", "A variable of type ModelSpec, or a specification's file.")
    { Complete = Complete };

    /// <summary>Finds the specification; a variable comes before a file of its name.</summary>
    /// <exception cref="RefusedException">There is neither, or the variable is no specification.</exception>
    /// <exception cref="SpecException">The file is not a specification.</exception>
    public static async Task<ModelSpec> ReadAsync(MagicCall call, string? word, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(word))
        {
            throw MagicArguments.Unexpected("SPEC", "a variable of type ModelSpec or a specification's file", "");
        }

        IReadOnlyList<MagicVariable> variables = await call.Variables.ListAsync(cancellationToken).ConfigureAwait(false);
        if (variables.Any(variable => variable.Name == word))
        {
            object? value = await call.Variables.GetAsync(word, cancellationToken).ConfigureAwait(false);
            return value as ModelSpec ?? throw MagicArguments.Unexpected(
                "SPEC", "a ModelSpec", $"the variable {word} of type {value?.GetType().Name ?? "null"}");
        }

        string file = call.PathOf(word);
        if (!File.Exists(file))
        {
            throw MagicArguments.Unexpected("SPEC", "a variable of type ModelSpec or a specification's file", word);
        }

        try
        {
            return ModelSpec.Load(file);
        }
        catch (SpecException e)
        {
            throw new RefusedException($"{word}, {e.Message}", e);
        }
    }

    private static IEnumerable<string> Complete(MagicScope scope) => scope.Variables
        .Where(variable => variable.Type == typeof(ModelSpec)).Select(variable => variable.Name)
        .Concat(Files(scope.Folder));

    private static IReadOnlyList<string> Files(string folder)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFiles(folder, "*.json", Shallow).Take(MostFiles).Where(IsSpec)
                    .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // No such folder, or none of ours.
        }
    }

    private static bool IsSpec(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] head = new byte[Head];
            int read = file.ReadAtLeast(head, Head, throwOnEndOfStream: false);
            return head.AsSpan(0, read).IndexOf(Encoding.UTF8.GetBytes(ModelSpec.Format)) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
