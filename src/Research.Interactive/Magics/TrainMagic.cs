using System.Globalization;
using Research.Interactive.Formatters;
using Research.Interactive.Owner;
using Research.Privacy;
using Research.Privacy.Ledger;
using Research.Training;
using Research.Training.Data;

namespace Research.Interactive.Magics;

/// <summary><c>#!train</c>: trains with a plot that grows, and declares the run.</summary>
/// <remarks>
/// The noise is secret and the specification's, or what <c>--epsilon</c> asks of the owner's ledger; no option takes a
/// noise multiplier or a seed for it. Nothing is charged, for nothing is released: a private run keeps its weights.
/// </remarks>
internal static class TrainMagic
{
    private const int MostThreads = 256;

    public static Magic Create() => new(
        "#!train",
        "Trains from a specification and a data set with a live plot, and declares the TrainingRun.",
        ["#!train SPEC --data NAME [--name run] [--epsilon E] [--ledger FOLDER]"],
        [
            SpecArgument.Parameter,
            DataArgument.Parameter,
            new("--name", "The variable that holds the run; run if left out.") { Value = "VARIABLE" },
            new("--epsilon", "Chooses the noise so that the run costs no more, at your ledger's δ.") { Value = "E" },
            new("--ledger", "Folder of your privacy ledger, which must accept the run; nothing is charged yet.")
            {
                Value = "FOLDER",
            },
            new("--epsilon-cap", "What ε no record of yours may ever pass, where you have no ledger yet.") { Value = "E" },
            new("--seed", "Seed of the shuffles without privacy, 0 if left out; never of noise.") { Value = "N" },
            new("--threads", "Threads; never changes a bit.") { Value = "N" },
        ],
        RunAsync);

    private static async Task RunAsync(MagicCall call, CancellationToken cancellationToken)
    {
        MagicArguments arguments = call.Arguments;
        string name = VariableName.In(arguments, "--name", "run");
        string data = DataArgument.NameIn(arguments)
            ?? throw MagicArguments.Unexpected("--data", DataArgument.Expected, "");
        int threads = arguments.Whole("--threads", 1, MostThreads)
            ?? Math.Clamp(Environment.ProcessorCount, 1, MostThreads);
        ulong seed = arguments.Whole("--seed", 0UL, ulong.MaxValue) ?? 0;
        ModelSpec spec = await SpecArgument.ReadAsync(call, arguments.FirstWord, cancellationToken)
            .ConfigureAwait(false);
        CheckOptions(arguments, spec);
        DatasetSplit split = DataArgument.Open(call, data);
        OwnerBudget? budget = Foresee(call, spec, split.Train);
        foreach (string note in budget?.Notes("This run") ?? [])
        {
            LiveOutput.Show(note);
        }

        ModelSpec chosen = budget?.Spec ?? spec;
        bool isPublic = !Datasets.IsOwn(data);
        TrainerOptions options = new()
        {
            Seed = seed,
            Threads = threads,
            Validation = isPublic && split.Test.Count > 0 ? split.Test : null,
            Progress = LivePlot.Show($"Training {chosen.Name} on {data}"),
        };
        TrainingRun run = await Task.Run(
            () => Trainer.Train(chosen, split.Train, options, cancellationToken), cancellationToken).ConfigureAwait(false);
        await call.Variables.DeclareAsync(name, run, cancellationToken).ConfigureAwait(false);
        LiveOutput.Show(Summary(run, name, data, budget));
    }

    private static void CheckOptions(MagicArguments arguments, ModelSpec spec)
    {
        if (spec.Privacy is null)
        {
            string[] ofPrivacy = ["--ledger", "--epsilon-cap", "--epsilon"];
            if (ofPrivacy.FirstOrDefault(option => arguments.Text(option) is not null) is string lonely)
            {
                throw new RefusedException(
                    $"{lonely}: leave it out, or train with privacy: {spec.Name} has no $.privacy.");
            }
        }
        else if (arguments.Text("--seed") is not null)
        {
            throw new RefusedException(
                "--seed: leave it out: with privacy there is no shuffle, and sampling and noise are secret.");
        }
    }

    // Without an option about it no ledger is looked at, and the specification's own promise must hold.
    private static OwnerBudget? Foresee(MagicCall call, ModelSpec spec, Dataset data)
    {
        double? epsilon = call.Arguments.Number("--epsilon", NumberRange.Positive);
        double? cap = call.Arguments.Number("--epsilon-cap", NumberRange.Positive);
        string? home = call.Arguments.Text("--ledger");
        if (spec.Privacy is null)
        {
            return null;
        }

        if (epsilon is null && cap is null && home is null)
        {
            if (EpsilonText.Of(spec.PrivacyEvents, spec.Privacy.Delta) is null)
            {
                throw PlanCost.TooLittle(spec.Privacy.NoiseMultiplier);
            }

            OwnerBudget.CheckPromise(spec, rounds: 1);
            return null;
        }

        PrivacyLedger ledger = OwnerLedgers.Open(OwnerLedgers.HomeOf(home is null ? null : call.PathOf(home)), cap);
        return OwnerBudget.Foresee(
            ledger, spec, data.Identity, chosen => $"train {chosen.Name} {chosen.Hash.ToString()[..16]}", epsilon);
    }

    private static Card Summary(TrainingRun run, string name, string data, OwnerBudget? budget)
    {
        Card card = new Card($"{name}: {run.Spec.Name} on {data}")
            .Line("steps", string.Create(
                CultureInfo.InvariantCulture, $"{run.LossCurve.Count:N0} in {run.Elapsed.TotalSeconds:0.0} s"))
            .Line("held out", run.LossCurve[^1].Validation is { } test
                ? $"{EvaluationCard.Words(test)} (public, held out)"
                : Datasets.IsOwn(data) ? "not measured: looking at your own records is a release" : null)
            .Line("privacy", budget is null
                ? SpecCard.Cost(run.Spec)
                : $"ε {EpsilonText.Spent(budget.Quote.Run)} at δ {EpsilonText.Exact(budget.Quote.Delta)} (the ledger's; "
                    + $"{budget.Neighbours})");
        return run.Spec.Privacy is null ? card : card
            .Line("noise", run.IsNoiseCryptographic ? "cryptographic" : "NOT PRIVATE")
            .Line("ledger", "nothing is charged: the run keeps its weights until a release pays for them")
            .Note("The training losses above are not private: keep them on this machine.");
    }
}
