using System.Globalization;
using Research.Federation.Evaluation;
using Research.Storage;
using Research.Training;
using Research.Training.Data;

namespace Research.Cli.Tasks;

/// <summary>The evaluation records and keys that a sponsor keeps to itself until it opens them.</summary>
internal sealed class KeptEvaluations(string privateFolder)
{
    private readonly FolderStore _kept = new(Path.Combine(privateFolder, "evaluations"));

    /// <summary>Gets the folder.</summary>
    public string Folder => _kept.Folder;

    /// <summary>Makes the records of each round of the held-out part of a data set, with fresh secret keys.</summary>
    /// <exception cref="CommandException">The data set is none, its records do not fit the specification, or they are
    /// too few.</exception>
    public static IReadOnlyList<EvaluationRecords> Make(string data, ModelSpec spec)
    {
        DatasetSplit split = Open(data);
        EvaluationSection section = spec.Task!.Evaluation;
        try
        {
            Dataset heldOut = EvaluationRecords.InputsFor(spec, split.Test, Environment.ProcessorCount);
            RequireEnough("--evaluation", data, heldOut.Count, spec.Task.Rounds, section.Examples);
            return EvaluationRecords.ForRounds(heldOut, spec.Task.Rounds, section.Examples, section.Fraction);
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"--evaluation {data}: {e.Message}", innerException: e);
        }
    }

    /// <summary>Throws where a task takes more held-out records than there are.</summary>
    /// <exception cref="CommandException">It does.</exception>
    public static void RequireEnough(string option, string data, int count, int rounds, int examples)
    {
        long needed = 2L * rounds * examples;
        if (count < needed)
        {
            throw new CommandException(string.Create(
                CultureInfo.InvariantCulture,
                $"{option}: expected at least {needed} held-out examples in {data}, {2L * examples} for each of "
                + $"{rounds} rounds: {examples} score and {examples} are opened before; got {count}."));
        }
    }

    /// <summary>Keeps a round's records and keys, for this user alone.</summary>
    public Task KeepAsync(EvaluationRecords evaluation, CancellationToken cancellationToken)
    {
        UserFolder.MakePrivate(privateFolder);
        UserFolder.MakePrivate(_kept.Folder);
        return evaluation.KeepAsync(_kept, cancellationToken);
    }

    /// <summary>Finds the records of all rounds of a task.</summary>
    /// <exception cref="CommandException">One is not here.</exception>
    public async Task<IReadOnlyList<EvaluationRecords>> FindAllAsync(ModelSpec spec, CancellationToken cancellationToken)
    {
        List<EvaluationRecords> found = [];
        for (int round = 0; round < spec.Task!.Rounds; round++)
        {
            found.Add(await FindAsync(spec, round, cancellationToken).ConfigureAwait(false));
        }

        return found;
    }

    /// <summary>Finds the records of a round.</summary>
    /// <exception cref="CommandException">They are not here.</exception>
    public async Task<EvaluationRecords> FindAsync(ModelSpec spec, int round, CancellationToken cancellationToken) =>
        await TryFindAsync(spec, round, cancellationToken).ConfigureAwait(false)
        ?? throw new CommandException(
            $"The evaluation records {spec.Task!.Evaluation.Rounds[round].Sha256} of round {round + 1} are not among "
            + $"those kept in {_kept.Folder}: name the sponsor's folder with --private-folder.");

    /// <summary>Finds the records of a round; null where they are not here.</summary>
    public Task<EvaluationRecords?> TryFindAsync(ModelSpec spec, int round, CancellationToken cancellationToken) =>
        EvaluationRecords.FindAsync(spec, round, _kept, cancellationToken);

    private static DatasetSplit Open(string data) =>
        data == "digits" || data.Contains(':', StringComparison.Ordinal)
            ? Datasets.Open(data)
            : throw new CommandException(
                "--evaluation: expected a data set (digits, csv:FILE, mnist:FOLDER, fashion-mnist:FOLDER), got "
                + $"{TerminalText.Clean(data)}. Records that were kept are found without it.");
}
