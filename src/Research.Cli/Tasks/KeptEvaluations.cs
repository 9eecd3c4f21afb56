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

    /// <summary>Makes a set for each round from the held-out part of a data set, with fresh secret salts.</summary>
    /// <exception cref="CommandException">The specification's network does not fit the data, or there are fewer records
    /// than rounds.</exception>
    public static IReadOnlyList<EvaluationSet> Make(string data, ModelSpec spec)
    {
        Dataset heldOut = Datasets.Open(data).Test;
        int rounds = spec.Task!.Rounds;
        if (heldOut.Count < rounds)
        {
            throw new CommandException(
                $"--evaluation: expected at least one held-out example in {data} for each of {rounds} rounds, got "
                + $"{heldOut.Count}.");
        }

        Network.Create(spec).Evaluate(heldOut.Select([0]));
        return EvaluationSet.ForRounds(heldOut, rounds);
    }

    /// <summary>Reads a set from a file and holds it to one of the specification's commitments.</summary>
    /// <exception cref="InvalidDataException">It is none of them.</exception>
    public static async Task<EvaluationSet> ReadAsync(
        string path, EvaluationSection section, CancellationToken cancellationToken)
    {
        InputFile.Check("--evaluation", path, LargestFile);
        byte[] bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        ContentHash hash = ContentHash.Of(bytes);
        return section.Sha256.Contains(hash)
            ? EvaluationSet.Parse(hash, bytes, path)
            : throw new InvalidDataException(
                $"{path}: expected SHA-256 {string.Join(" or ", section.Sha256)}, a set that the specification commits to; "
                + $"got {hash}.");
    }

    /// <summary>Keeps a set, for this user alone.</summary>
    public Task<ContentHash> KeepAsync(EvaluationSet evaluation, CancellationToken cancellationToken)
    {
        UserFolder.MakePrivate(_kept.Folder);
        return _kept.PutAsync(evaluation.Bytes, cancellationToken);
    }

    /// <summary>Finds those of a specification's sets that were kept, in the order of the rounds.</summary>
    public async Task<IReadOnlyList<EvaluationSet>> FindAllAsync(
        EvaluationSection section, CancellationToken cancellationToken)
    {
        List<EvaluationSet> found = [];
        foreach (ContentHash commitment in section.Sha256.Where(_kept.Contains))
        {
            found.Add(await FindAsync(commitment, cancellationToken).ConfigureAwait(false));
        }

        return found;
    }

    /// <summary>Finds a set that was kept.</summary>
    /// <exception cref="CommandException">It is not here.</exception>
    public async Task<EvaluationSet> FindAsync(ContentHash commitment, CancellationToken cancellationToken)
    {
        if (!_kept.Contains(commitment))
        {
            throw new CommandException(
                $"The evaluation set {commitment} is not among those kept in {_kept.Folder}: "
                + "name its file with --evaluation. Its sponsor has it.");
        }

        byte[] bytes = await _kept.GetAsync(commitment, cancellationToken).ConfigureAwait(false);
        return EvaluationSet.Parse(commitment, bytes, _kept.PathOf(commitment));
    }
}
