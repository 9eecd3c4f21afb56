using Research.Federation.Scoring;
using Research.Storage;
using Research.Training;
using Research.Training.Data;

namespace Research.Cli.Tasks;

/// <summary>The evaluation sets that a sponsor keeps to itself until the first scoring.</summary>
internal sealed class KeptEvaluations(string privateFolder)
{
    private const long LargestFile = FolderStore.MaximumBlobBytes;

    private readonly FolderStore _kept = new(Path.Combine(privateFolder, "evaluations"));

    /// <summary>Says whether <c>--evaluation</c> names a data set and not a file.</summary>
    public static bool IsDataSet(string given) => given == "digits"
        || given.StartsWith("csv:", StringComparison.Ordinal)
        || given.StartsWith("mnist:", StringComparison.Ordinal)
        || given.StartsWith("fashion-mnist:", StringComparison.Ordinal);

    /// <summary>Makes an evaluation set from the held-out part of a data set, with a fresh secret salt.</summary>
    /// <exception cref="CommandException">The specification's network does not fit the data.</exception>
    public static EvaluationSet Make(string data, ModelSpec spec)
    {
        Dataset heldOut = Datasets.Open(data).Test;
        if (heldOut.Count == 0)
        {
            throw new CommandException($"--evaluation: expected at least one held-out example in {data}, got none.");
        }

        Network.Create(spec).Evaluate(heldOut.Select([0]));
        return EvaluationSet.Create(heldOut);
    }

    /// <summary>Reads a set from a file and holds it to the specification.</summary>
    public static async Task<EvaluationSet> ReadAsync(
        string path, EvaluationSection commitment, CancellationToken cancellationToken)
    {
        InputFile.Check("--evaluation", path, LargestFile);
        byte[] bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        return EvaluationSet.Parse(commitment, bytes, path);
    }

    /// <summary>Keeps a set, for this user alone.</summary>
    public Task<ContentHash> KeepAsync(EvaluationSet evaluation, CancellationToken cancellationToken)
    {
        UserFolder.MakePrivate(_kept.Folder);
        return _kept.PutAsync(evaluation.Bytes, cancellationToken);
    }

    /// <summary>Finds a set that was kept.</summary>
    /// <exception cref="CommandException">It is not here.</exception>
    public async Task<EvaluationSet> FindAsync(EvaluationSection commitment, CancellationToken cancellationToken)
    {
        if (!_kept.Contains(commitment.Sha256))
        {
            throw new CommandException(
                $"The evaluation set {commitment.Sha256} is not among those kept in {_kept.Folder}: "
                + "name its file with --evaluation. Its sponsor has it.");
        }

        byte[] bytes = await _kept.GetAsync(commitment.Sha256, cancellationToken).ConfigureAwait(false);
        return EvaluationSet.Parse(commitment, bytes, _kept.PathOf(commitment.Sha256));
    }
}
