using Research.Privacy.Ledger;
using Research.Training;

namespace Research.Cli.Train;

/// <summary>The file in which a training keeps what it needs to go on; only its owner can read it.</summary>
internal sealed class StateFile
{
    private const long LargestState = 2_000_000_000; // Less than an array of bytes can hold.

    private readonly PrivacyLedger? _ledger;

    private StateFile(string path, TrainingState? resumed, PrivacyLedger? ledger)
    {
        Path = path;
        Resumed = resumed;
        _ledger = ledger;
    }

    /// <summary>Gets the file.</summary>
    public string Path { get; }

    /// <summary>Gets where an earlier run stopped; null for a run that starts anew.</summary>
    public TrainingState? Resumed { get; }

    /// <summary>Gets the last step written in this run; null before the first.</summary>
    public int? Written { get; private set; }

    /// <summary>Checks the options, and reads the state to resume; null where no state is asked for.</summary>
    /// <param name="options">What was asked.</param>
    /// <param name="ledger">The owner's ledger, whose key seals the state of a private run; null of another.</param>
    /// <exception cref="CommandException">Options do not go together, or a file is there and must not be
    /// overwritten.</exception>
    public static StateFile? Prepare(TrainOptions options, PrivacyLedger? ledger)
    {
        if (options.State is not string path)
        {
            string? lonely = options.Resume ? "--resume" : options.SaveEvery is null ? null : "--save-every";
            return lonely is null
                ? null
                : throw new CommandException(
                    $"{lonely}: expected --state FILE with it, got none.", CommandRunner.WrongUsage);
        }

        OutputFile.Check("--state", path);
        if (!options.Resume)
        {
            return !File.Exists(path)
                ? new StateFile(path, null, ledger)
                : throw new CommandException(
                    $"--state: there is a file {path} already: add --resume to go on from it, or delete it.");
        }

        if (options.Initial is not null)
        {
            throw new CommandException(
                "--initial: leave it out with --resume: the state holds the weights.", CommandRunner.WrongUsage);
        }

        InputFile.Check("--state", path, LargestState);
        byte[] file = File.ReadAllBytes(path);
        TrainingState state = ledger is null
            ? TrainingState.FromSafetensors(file, path)
            : TrainingState.Unseal(file, ledger, path);
        return new StateFile(path, state, ledger);
    }

    /// <summary>Throws unless the ledger holds all that it held when the state was written.</summary>
    /// <exception cref="CommandException">The ledger is older: charges are missing.</exception>
    public void CheckLedger()
    {
        if (_ledger is not null && Resumed?.LedgerHead is { } head && !_ledger.Continues(head))
        {
            throw new CommandException(
                $"--resume: the ledger is older than the state: the one in {_ledger.Home} lacks the line with hash {head} that it "
                    + $"ended with when {Path} was written. Nothing was trained or charged.");
        }
    }

    /// <summary>Writes a state: whole or not at all.</summary>
    public void Save(TrainingState state)
    {
        OutputFile.WriteForOwner(Path, _ledger is null ? state.ToSafetensors() : state.Seal(_ledger));
        Written = state.Step;
    }
}
