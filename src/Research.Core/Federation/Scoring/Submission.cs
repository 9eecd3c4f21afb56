using Research.Storage;
using Research.Training.Data;

namespace Research.Federation.Scoring;

/// <summary>One participant's place in a round's scoring.</summary>
/// <remarks>
/// Updates may be many: a submission can read its own when it is asked, more than once, so that ten thousand of them take
/// the memory of a few.
/// </remarks>
public sealed class Submission
{
    private readonly Func<ModelUpdate>? _read;
    private readonly string _problem = "submitted no update";

    /// <summary>Creates a submission whose update is here.</summary>
    /// <param name="index">The participant's place in reveal order, from 0: what its claim is keyed by.</param>
    /// <param name="update">The update; null where its bytes were missing or refused.</param>
    /// <param name="problem">Why there is no update; null where there is one.</param>
    public Submission(int index, ModelUpdate? update, string? problem = null)
    {
        Index = index;
        _read = update is null ? null : () => update;
        _problem = problem ?? _problem;
    }

    private Submission(int index, Func<ModelUpdate> read) => (Index, _read) = (index, read);

    /// <summary>Gets the participant's place in reveal order, from 0: what its claim is keyed by.</summary>
    public int Index { get; }

    /// <summary>Creates a submission that reads its update each time it is asked.</summary>
    /// <param name="index">The participant's place in reveal order, from 0.</param>
    /// <param name="read">Reads and parses it, the same each time, on any thread; throws
    /// <see cref="InvalidDataException"/>, <see cref="DataFormatException"/> or <see cref="FileNotFoundException"/>
    /// where it is refused or missing.</param>
    public static Submission Read(int index, Func<ModelUpdate> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new Submission(index, read);
    }

    /// <summary>Opens the update.</summary>
    /// <returns>The update, or why there is none.</returns>
    internal (ModelUpdate? Update, string Problem) Open()
    {
        try
        {
            return (_read?.Invoke(), _problem);
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
