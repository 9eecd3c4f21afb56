using System.CommandLine;
using Research.Cli.Train;
using Research.Federation;
using Research.Interactive.Magics;
using Research.Privacy;
using Research.Privacy.Ledger;
using Research.Storage;
using Research.Training;

namespace Research.Cli.Commands;

/// <summary>
/// <c>research train</c>: trains from a specification and a data set, and pays for it in their owner's ledger.
/// </summary>
internal static class TrainCommand
{
    private const int MostThreads = 256;

    public static Command Create()
    {
        Option<string> spec = PathOption.Required("--spec", "The specification.");
        Option<string> data = DataOption.Required("--data", "The data set");
        Option<string?> checkpoint = PathOption.Optional(
            "--out", "Write the trained weights there, as safetensors. A private run is charged to the ledger first.");
        Option<string?> onnx = PathOption.Optional(
            "--onnx", "Write the trained model there, as ONNX, to run elsewhere. Charged as --out is, once for both.");
        Option<string?> ledger = OwnerOption.Ledger();
        Option<double?> cap = OwnerOption.EpsilonCap();
        Option<double?> epsilon = BoundedOption.Optional(
            "--epsilon",
            "Choose the noise so that the run costs no more, at the ledger's δ, and the ledger accepts it",
            NumberRange.Positive);
        Option<ulong?> seed = BoundedOption.Optional(
            "--seed", "Seed of the shuffles without privacy, 0 if left out", 0UL, ulong.MaxValue);
        Option<string?> initial = PathOption.Optional("--initial", "Start from this checkpoint (safetensors).");
        Option<int> threads = BoundedOption.Create(
            "--threads",
            "Threads; never changes a bit",
            Math.Clamp(Environment.ProcessorCount, 1, MostThreads),
            1,
            MostThreads);
        Option<string?> plot = PathOption.Optional("--plot", "Draw the losses there, as .html or .svg.");
        plot.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string path }] && !TrainPlot.IsSupported(path))
            {
                result.AddError($"--plot: expected a file that ends in .html or .svg, got {path}.");
            }
        });
        Option<ulong?> noiseSeed = BoundedOption.Optional(
            "--insecure-noise-seed",
            "Seeds sampling and noise too: reproducible to the bit, and NOT private",
            0UL,
            ulong.MaxValue);
        Option<string?> state = PathOption.Optional(
            "--state", "Keep there what the run needs to go on, written on Ctrl-C; sealed with your key if the run is private.");
        Option<int?> saveEvery = BoundedOption.Optional(
            "--save-every", "Write --state after every so many steps too", 1, int.MaxValue);
        Option<bool> resume = new("--resume")
        {
            Description = "Go on from --state; without privacy to the same bits, else with fresh secret noise.",
        };
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };

        Command command = new(
            "train", "Train a model, privately if its specification says so; print held-out accuracy and ε.")
        {
            spec, data, checkpoint, onnx, ledger, cap, epsilon, seed, initial, threads, plot, noiseSeed, state, saveEvery,
            resume, json,
        };
        command.SetAction((parse, cancellationToken) => RunAsync(
            new TrainOptions
            {
                Spec = parse.GetValue(spec)!,
                Data = parse.GetValue(data)!,
                Out = parse.GetValue(checkpoint),
                Onnx = parse.GetValue(onnx),
                Ledger = parse.GetValue(ledger),
                EpsilonCap = parse.GetValue(cap),
                Epsilon = parse.GetValue(epsilon),
                Seed = parse.GetValue(seed),
                Initial = parse.GetValue(initial),
                Threads = parse.GetValue(threads),
                Plot = parse.GetValue(plot),
                InsecureNoiseSeed = parse.GetValue(noiseSeed),
                State = parse.GetValue(state),
                SaveEvery = parse.GetValue(saveEvery),
                Resume = parse.GetValue(resume),
                Json = parse.GetValue(json),
            },
            OwnerOption.Terminal(),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>Checks everything, trains, charges, and only then writes.</summary>
    internal static async Task<int> RunAsync(
        TrainOptions options,
        TextReader? terminal,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        TrainPlan plan = TrainPlan.Prepare(options, terminal, error);
        foreach (string note in Notes(plan))
        {
            await error.WriteLineAsync(TerminalText.Clean(note)).ConfigureAwait(false);
        }

        if (plan.Budget is not null && (plan.Options is not { Out: null, Onnx: null, State: null } || terminal is not null))
        {
            plan.Budget.Ledger.Make(); // Whatever keeps it from being made is known before training.
        }

        TrainingRun run = await TrainAsync(plan, error, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();

        TrainOutcome outcome = await ReleaseAsync(plan, run).ConfigureAwait(false);
        if (options.Plot is string plot)
        {
            byte[] drawing = TrainPlot.Draw(plot, run, options.Data);
            if (run.Privacy is null)
            {
                await OutputFile.WriteAsync(plot, drawing, CancellationToken.None).ConfigureAwait(false);
            }
            else
            {
                OutputFile.WriteForOwner(plot, drawing); // No noise covers the losses in it.
            }
        }

        string report = options.Json ? TrainReport.Json(outcome) : TrainReport.Text(outcome);
        await output.WriteLineAsync(report).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static async Task<TrainingRun> TrainAsync(
        TrainPlan plan, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            return await StepReporter.RunAsync(
                error,
                plan.Budget is not null,
                plan.State?.Resumed?.Step ?? 0,
                progress => Trainer.Train(plan.Spec, plan.Data.Train, plan.TrainerOptions(progress), cancellationToken),
                cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException e) when (plan.State?.Resumed is not null)
        {
            throw new CommandException($"{plan.State.Path} cannot be resumed here. {e.Message}", innerException: e);
        }
        catch (OperationCanceledException) when (plan.State?.Written is not null)
        {
            string note = $"Stopped. {plan.State.Path} holds step {plan.State.Written}: go on with --resume.";
            await error.WriteLineAsync(TerminalText.Clean(note)).ConfigureAwait(false);
            throw;
        }
    }

    // Once charged, the weights are paid for: no cancellation comes between.
    private static async Task<TrainOutcome> ReleaseAsync(TrainPlan plan, TrainingRun run)
    {
        if (plan.Options is { Out: null, Onnx: null })
        {
            return new TrainOutcome(plan, run, null, null, null);
        }

        if (plan.Budget is not { } budget)
        {
            Network network = run.OpenNetwork();
            Dictionary<string, string> noise = new() { ["noise"] = "none" };
            return await WriteAsync(
                plan,
                run,
                null,
                () => network.ToCheckpoint().ToSafetensors(new Dictionary<string, string>(noise)
                {
                    ["format"] = "research-checkpoint/1",
                    ["spec"] = run.Spec.Hash.ToString(),
                }),
                () => network.ToOnnx(noise)).ConfigureAwait(false);
        }

        ReleasedModel model = ReleasedModel.Release(
            run, budget.Ledger, budget.Purpose, insecure: plan.Options.InsecureNoiseSeed is not null);
        try
        {
            TrainOutcome outcome = await WriteAsync(plan, run, model.Entry, model.ToSafetensors, model.ToOnnx)
                .ConfigureAwait(false);
            budget.Ledger.Forget(model.Id);
            return outcome;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                $"The run is charged, and its weights could not be written: {e.Message} They are safe, sealed in "
                    + $"{budget.Ledger.Home}: research ledger recover {model.Id} --out FILE, without another charge.",
                innerException: e);
        }
    }

    private static async Task<TrainOutcome> WriteAsync(
        TrainPlan plan, TrainingRun run, LedgerEntry? entry, Func<byte[]> checkpoint, Func<byte[]> onnx) => new(
        plan,
        run,
        entry,
        await WriteAsync(plan.Options.Out, plan.Options.Out is null ? null : checkpoint()).ConfigureAwait(false),
        await WriteAsync(plan.Options.Onnx, plan.Options.Onnx is null ? null : onnx()).ConfigureAwait(false));

    private static async Task<ContentHash?> WriteAsync(string? path, byte[]? bytes)
    {
        if (path is null || bytes is null)
        {
            return null;
        }

        await OutputFile.WriteAsync(path, bytes, CancellationToken.None).ConfigureAwait(false);
        return ContentHash.Of(bytes);
    }

    private static IEnumerable<string> Notes(TrainPlan plan)
    {
        if (plan.LedgerNote is string first)
        {
            yield return first;
        }

        foreach (string note in plan.Budget?.Notes("This run") ?? [])
        {
            yield return note;
        }

        if (plan.Options.Epsilon is double target)
        {
            yield return $"For --epsilon {EpsilonText.Exact(target)} the noise multiplier is "
                + $"{EpsilonText.Exact(plan.Spec.Privacy!.NoiseMultiplier)}.";
            if (plan.Budget is { Quote: { Before: > 0 } or { Rows: > 1 } })
            {
                yield return "WARNING: it follows from what these records have spent, or how many rows are counted together, "
                    + "and the specification named in what you write tells it. To say nothing, name the noise yourself.";
            }
        }

        if (plan is { IsDataOwn: true, Options: { Out: null, Onnx: null } })
        {
            yield return "Looking is a release: the held-out figures below are of your own records, nothing is charged "
                + "for them, and they must stay with you.";
        }

        if (plan.Options.InsecureNoiseSeed is not null)
        {
            yield return "WARNING: --insecure-noise-seed makes this run NOT PRIVATE. Never release its weights if the "
                + "data are real.";
        }

        if (plan.State?.Resumed is { } resumed)
        {
            yield return $"Resuming after step {resumed.Step} of {plan.Spec.Training.Steps} from {plan.State.Path}.";
        }

        if (plan is { State: not null, Budget: not null })
        {
            yield return $"{plan.State.Path} is sealed with your key, for no charge covers the weights in it: only "
                + $"--resume with the ledger in {plan.Budget.Ledger.Home} opens it.";
        }

        if (plan.Options.Seed is not null && plan.Budget is not null)
        {
            yield return "--seed changes nothing here: with privacy there is no shuffle, and sampling and noise are "
                + "drawn apart from it.";
        }
    }

}
