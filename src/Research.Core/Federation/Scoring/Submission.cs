using Research.Storage;
using Research.Training.Data;

namespace Research.Federation.Scoring;

/// <summary>One participant's place in a round's scoring.</summary>
/// <remarks>
/// Updates may be many: a submission can read its own when it is asked, more than once, so that ten thousand of them take
/// the memory of a few (<see cref="Read"/>).
/// </remarks>
/// <param name="Index">The participant's place in reveal order, from 0: what its claim is keyed by.</param>
/// <param name="Update">The update, where it is here; null where its bytes were missing or refused, or are read.</param>
/// <param name="Problem">Why there is no update; null where there is one.</param>
public sealed record Submission(int Index, ModelUpdate? Update, string? Problem = null)
{
    private Func<ModelUpdate>? Reader { get; init; }

    /// <summary>Creates a submission that reads its update each time it is asked.</summary>
    /// <param name="index">The participant's place in reveal order, from 0.</param>
    /// <param name="read">Reads and parses it, the same each time, on any thread; throws
    /// <see cref="InvalidDataException"/>, <see cref="DataFormatException"/> or <see cref="FileNotFoundException"/>
    /// where it is refused or missing.</param>
    public static Submission Read(int index, Func<ModelUpdate> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new Submission(index, null) { Reader = read };
    }

    /// <summary>Opens the update.</summary>
    /// <returns>The update, or why there is none.</returns>
    internal (ModelUpdate? Update, string Problem) Open()
    {
        try
        {
            return (Update ?? Reader?.Invoke(), Problem ?? "submitted no update");
        }
        catch (FileNotFoundException)
        {
            return (null, "its update is not in the store");
        }
        catch (Exception refused) when (refused is InvalidDataException or DataFormatException)
        {
            return (null, refused.Message);
        }
    }

    /// <summary>Opens the update that was there before.</summary>
    /// <exception cref="IOException">It is another now, or gone.</exception>
    internal ModelUpdate OpenAgain(ContentHash hash) => Open().Update is { } update && update.Hash == hash
        ? update
        : throw new IOException(
            $"The update {hash} of participant #{Index} changed or went away while the round was scored: try again.");
}
