using Research.Interactive.Owner;
using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Data;

namespace Research.Cli.Train;

/// <summary>
/// Everything that a training needs, read and checked: what can be wrong is found here, before the first step.
/// </summary>
internal sealed record TrainPlan
{
    private const long LargestCheckpoint = (4L << 28) + (1 << 20) + 8; // 2^28 numbers, a header and its length.

    /// <summary>Gets what was asked.</summary>
    public required TrainOptions Options { get; init; }

    /// <summary>Gets the specification.</summary>
    public required ModelSpec Spec { get; init; }

    /// <summary>Gets the data.</summary>
    public required DatasetSplit Data { get; init; }

    /// <summary>Gets the weights to start from, or null.</summary>
    public required Checkpoint? Initial { get; init; }

    /// <summary>Gets the cost of a private run; null for one that is not.</summary>
    public required OwnerBudget? Budget { get; init; }

    /// <summary>Gets what the owner must hear of the ledger, or null.</summary>
    public required string? LedgerNote { get; init; }

    /// <summary>Gets where the training's state is kept, or null.</summary>
    public required StateFile? State { get; init; }

    /// <summary>
    /// Gets whether the records are the owner's own: those of a CSV file are, those of the named data sets are published.
    /// </summary>
    public bool IsDataOwn => Datasets.IsOwn(Options.Data);

    /// <summary>Reads and checks everything; trains nothing, charges nothing, writes nothing.</summary>
    /// <param name="options">What was asked.</param>
    /// <param name="terminal">Where the owner answers questions; null if nobody is there.</param>
    /// <param name="error">Where questions go.</param>
    /// <exception cref="CommandException">Options, files or budget do not fit; the message says which.</exception>
    /// <exception cref="DataFormatException">A data file or checkpoint is damaged.</exception>
    public static TrainPlan Prepare(TrainOptions options, TextReader? terminal, TextWriter error)
    {
        CheckFiles(options);
        try
        {
            ModelSpec spec = ModelSpec.Load(options.Spec);
            CheckPrivacyOptions(options, spec);
            DatasetSplit data = Datasets.Open(options.Data);
            Checkpoint? initial = options.Initial is null ? null : ReadInitial(options.Initial);
            CheckFit(options, spec, data, initial);
            OwnerLedger? owner = spec.Privacy is null
                ? null
                : OwnerLedger.Open(options.Ledger, options.EpsilonCap, terminal, error);
            OwnerBudget? budget = owner is null ? null : Refusal.AsCommand(() => OwnerBudget.Foresee(
                owner.Ledger,
                spec,
                data.Train.Identity,
                chosen => $"train {chosen.Name} {chosen.Hash.ToString()[..16]}",
                options.Epsilon));
            StateFile? state = StateFile.Prepare(options, budget?.Ledger);
            state?.CheckLedger();

            return new TrainPlan
            {
                Options = options,
                Spec = budget?.Spec ?? spec,
                Data = data,
                Initial = initial,
                LedgerNote = owner?.Note,
                Budget = budget,
                State = state,
            };
        }
        catch (SpecException e)
        {
            throw new CommandException($"{options.Spec}, {e.Message}", innerException: e);
        }
    }

    /// <summary>Gets what the trainer needs.</summary>
    public TrainerOptions TrainerOptions(IProgress<TrainingProgress> progress) => new()
    {
        Initial = Initial,
        Seed = Options.Seed ?? 0,
        Random = Options.InsecureNoiseSeed is ulong seed ? new InsecureSeededRandom(seed, "train") : null,
        Progress = progress,
        Resume = State?.Resumed,
        SaveState = State is null ? null : State.Save,
        SaveInterval = Options.SaveEvery ?? 0,
        LedgerHead = Budget is { Ledger.IsMade: true } ? Budget.Ledger.Head : null,
        Threads = Options.Threads,
        Validation = Data.Test,
        ValidationInterval = Options.Plot is null ? Spec.Training.Steps : 0, // Zero: some points along the way.
    };

    private static void CheckFiles(TrainOptions options)
    {
        InputFile.Check("--spec", options.Spec);
        if (options.Initial is not null)
        {
            InputFile.Check("--initial", options.Initial, LargestCheckpoint);
        }

        (string Option, string? Path)[] written =
        [
            ("--out", options.Out), ("--onnx", options.Onnx), ("--plot", options.Plot), ("--state", options.State),
        ];
        (string Option, string? Path)[] all = [.. written, ("--spec", options.Spec), ("--initial", options.Initial)];
        foreach ((string option, string? path) in written.Where(file => file.Path is not null))
        {
            OutputFile.Check(option, path!);
            foreach ((string other, string? otherPath) in all.Where(f => f.Path is not null && f.Option != option))
            {
                if (Path.GetFullPath(path!) == Path.GetFullPath(otherPath!))
                {
                    throw new CommandException($"{option}: expected another file than {other}, got {path} for "
                        + $"both.", CommandRunner.WrongUsage);
                }
            }
        }
    }

    private static void CheckPrivacyOptions(TrainOptions options, ModelSpec spec)
    {
        if (spec.Privacy is not null)
        {
            return;
        }

        (string Option, bool IsGiven)[] needsPrivacy =
        [
            ("--ledger", options.Ledger is not null),
            ("--epsilon-cap", options.EpsilonCap is not null),
            ("--epsilon", options.Epsilon is not null),
            ("--insecure-noise-seed", options.InsecureNoiseSeed is not null),
        ];
        foreach ((string option, bool _) in needsPrivacy.Where(given => given.IsGiven))
        {
            throw new CommandException(
                $"{option}: leave it out, or train with privacy: {options.Spec} has no "
                    + $"$.privacy.", CommandRunner.WrongUsage);
        }
    }

    private static Checkpoint ReadInitial(string path)
    {
        Checkpoint initial = Checkpoint.FromSafetensors(File.ReadAllBytes(path), path);
        foreach (ParameterTensor parameter in initial.Parameters)
        {
            foreach (float value in initial[parameter.Name])
            {
                if (!float.IsFinite(value))
                {
                    throw new DataFormatException(path, $"tensor '{parameter.Name}'", "finite numbers", $"{value}");
                }
            }
        }

        return initial;
    }

    private static void CheckFit(TrainOptions options, ModelSpec spec, DatasetSplit data, Checkpoint? initial)
    {
        if (data.Train.Count == 0 || data.Test.Count == 0)
        {
            throw new CommandException(
                $"--data: expected at least one example to train on and one to measure on, got {data.Train.Count} and "
                    + $"{data.Test.Count} in {options.Data}.");
        }

        Network network = Network.Create(spec);
        network.Evaluate(data.Train.Select([0]));
        network.Evaluate(data.Test.Select([0]));
        CheckExport(options, network);
        if (initial is null)
        {
            return;
        }

        try
        {
            network.Load(initial);
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"{options.Initial} does not fit {options.Spec}: "
                + $"{e.Message}", innerException: e);
        }
    }

    // A model that cannot be written must be known before it is trained and charged.
    private static void CheckExport(TrainOptions options, Network network)
    {
        if (options.Onnx is null)
        {
            return;
        }

        try
        {
            network.ToOnnx();
        }
        catch (NotSupportedException e)
        {
            throw new CommandException($"--onnx: {options.Spec}: {e.Message}", innerException: e);
        }
    }
}
