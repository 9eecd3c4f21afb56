using System.Text;

namespace Research.Scripting.Scripts;

/// <summary>Reads C# from a file, or says why it is none; what it says quotes nothing of the file.</summary>
public static class ScriptFile
{
    /// <summary>The longest script: 16 MiB.</summary>
    public const int MaximumBytes = 16 << 20;

    private static readonly string[] Endings = [".csx", ".cs"];

    /// <summary>Reads a script.</summary>
    /// <param name="path">The file; its name ends in <c>.csx</c> or <c>.cs</c>, or in nothing, as of programs with a
    /// first line <c>#!</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The code, or in one line why there is none.</returns>
    public static async Task<(string? Code, string? Refusal)> ReadAsync(
        string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        string ending = Path.GetExtension(path);
        if (ending.Length > 0 && !Endings.Contains(ending, StringComparer.OrdinalIgnoreCase))
        {
            return (null, $"{path} is no C# script: expected a file that ends in .csx or .cs.");
        }

        try
        {
            return await ReadTextAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, $"Cannot read the script {path}: {exception.Message}");
        }
    }

    /// <summary>Reads a text that may be run, of whatever name.</summary>
    internal static async Task<(string? Code, string? Refusal)> ReadTextAsync(
        string path, CancellationToken cancellationToken)
    {
        long length = new FileInfo(path).Length;
        if (length > MaximumBytes)
        {
            return (null, FormattableString.Invariant(
                $"{path} is no script: expected at most {MaximumBytes} bytes, got {length}."));
        }

        string code = await File.ReadAllTextAsync(path, Encoding.UTF8, cancellationToken).ConfigureAwait(false);
        return code.Contains('\0', StringComparison.Ordinal)
            ? (null, $"{path} is no C# script: it is not text.")
            : (code, null);
    }
}
