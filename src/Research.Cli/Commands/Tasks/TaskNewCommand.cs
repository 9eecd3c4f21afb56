using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Cli.Tasks;
using Research.Federation.Evaluation;
using Research.Federation.Rewards;
using Research.Interactive.Magics;
using Research.Storage;
using Research.Training;
using Research.Training.Data;

namespace Research.Cli.Commands.Tasks;

/// <summary><c>research task new</c>: writes the specification of a task in which honest owners are paid.</summary>
internal static class TaskNewCommand
{
    private static readonly JsonSerializerOptions IndentedOptions = new() { WriteIndented = true };

    public static Command Create()
    {
        Option<string> data = DataOption.Required(
            "--data", "Whose held-out part is dealt out to the rounds, to score on");
        Option<int> records = BoundedOption.Create(
            "--records",
            "Records that an account may train on: its quota, and what a full share is paid for",
            300,
            1,
            10_000_000);
        Option<int> rounds = BoundedOption.Create("--rounds", "Rounds", 3, 1, 1000);
        Option<int?> examples = BoundedOption.Optional(
            "--examples",
            "Records that score a round, as many as there are if left out",
            PayableSpec.LeastExamples,
            32_767);
        Option<double?> epsilon = BoundedOption.Optional(
            "--epsilon", "ε of all rounds together, 6 if left out", NumberRange.Positive);
        Option<double?> delta = BoundedOption.Optional<double>(
            "--delta", "δ, 1e-5 if left out", "a number above 0 and below 1", given => given is > 0 and < 1);
        Option<StoreAddress[]> stores = StoreOption.CreateNamed();
        Option<string?> name = new("--name") { Description = "The task's name; left out, it follows from the data." };
        Option<string> licence = new("--licence")
        {
            Description = "The licence of the model.",
            DefaultValueFactory = _ => "CC-BY-4.0",
        };
        Option<string> consent = new("--consent")
        {
            Description = "What owners agree to, in a sentence.",
            DefaultValueFactory = _ => "I train on records that I may use, and release only updates with the noise "
                + "that this specification fixes.",
        };
        Option<ulong> seed = BoundedOption.Create("--seed", "Seed of the first weights", 1UL, 0UL, (1UL << 53) - 1);
        Option<string> file = PathOption.Required("--out", "Write the specification there.");
        Option<string?> folder = PrivateFolderOption.Create();
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };

        Command command = new(
            "new", "Write the specification of a task: a plan by which honest owners are paid, fresh records for each "
            + "round.")
        {
            data, records, rounds, examples, epsilon, delta, stores, name, licence, consent, seed, file, folder, json,
        };
        command.SetAction((parse, cancellationToken) => RunAsync(
            new NewTask
            {
                Data = parse.GetValue(data)!,
                Records = parse.GetValue(records),
                Rounds = parse.GetValue(rounds),
                Examples = parse.GetValue(examples),
                Epsilon = parse.GetValue(epsilon) ?? 6,
                Delta = parse.GetValue(delta) ?? 1e-5,
                Stores = parse.GetValue(stores) ?? [],
                Name = parse.GetValue(name),
                Licence = parse.GetValue(licence)!,
                Consent = parse.GetValue(consent)!,
                Seed = (long)parse.GetValue(seed),
            },
            parse.GetValue(file)!,
            PrivateFolderOption.Read(parse, folder),
            parse.GetValue(json),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        NewTask task,
        string path,
        string folder,
        bool json,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        OutputFile.Check("--out", path);
        (TaskProspect prospect, IReadOnlyList<EvaluationRecords> evaluations, int heldOut) =
            Draft(task, cancellationToken);
        ModelSpec spec = prospect.Spec;
        if (ProspectReport.FewRecords(spec.Task!.Evaluation.Examples) is string few)
        {
            await error.WriteLineAsync(few).ConfigureAwait(false);
        }

        foreach (EvaluationRecords evaluation in evaluations)
        {
            await new KeptEvaluations(folder).KeepAsync(evaluation, cancellationToken).ConfigureAwait(false);
        }

        await OutputFile.WriteAsync(path, Indented(spec), cancellationToken).ConfigureAwait(false);
        await new VerbReport()
            .Both("spec", path)
            .Field("hash", spec.Hash.ToString())
            .Line("plan", ProspectReport.Plan(spec))
            .Line("privacy", string.Create(
                CultureInfo.InvariantCulture,
                $"ε = {task.Epsilon} at δ = {task.Delta} for all {task.Rounds} rounds; neighbours: add or remove one "
                + $"record"))
            .Line("owners", ProspectReport.Words(prospect))
            .Line("scored on", string.Create(
                CultureInfo.InvariantCulture,
                $"{LockReport.ScoredOn(spec)} of a round, the others are opened before anybody commits; "
                + $"{2 * evaluations[0].Examples * task.Rounds} of {heldOut} held-out records are dealt out, kept in "
                + $"{folder}"))
            .Line("next", $"research task publish --spec {path} --pool 10")
            .Field("expectedZ", JsonValue.Create(prospect.ExpectedZ))
            .Field("paidShare", JsonValue.Create(prospect.PaidShare))
            .Field("examples", spec.Task.Evaluation.Examples)
            .Field("heldOut", heldOut)
            .Field("privateFolder", folder)
            .WriteAsync(json, output).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static byte[] Indented(ModelSpec spec)
    {
        using JsonDocument document = JsonDocument.Parse(spec.ToCanonicalJson());
        return JsonSerializer.SerializeToUtf8Bytes(document, IndentedOptions);
    }

    private static (TaskProspect Prospect, IReadOnlyList<EvaluationRecords> Evaluations, int HeldOut) Draft(
        NewTask task, CancellationToken cancellationToken)
    {
        DatasetSplit split = Datasets.Open(task.Data);
        KeptEvaluations.RequireEnough(
            "--data", task.Data, split.Test.Count, task.Rounds, task.Examples ?? PayableSpec.LeastExamples);
        IReadOnlyList<EvaluationRecords> evaluations =
            EvaluationRecords.ForRounds(split.Test, task.Rounds, task.Examples);
        try
        {
            TaskProspect prospect = TaskProspect.Propose(
                task.ToSpec(split, evaluations), evaluations[0].Half, Environment.ProcessorCount, cancellationToken);
            return prospect.PaidShare >= ProspectReport.LeastPaid
                ? (prospect, evaluations, split.Test.Count)
                : throw new CommandException(
                    "No plan that was tried pays most honest owners at --epsilon "
                    + $"{task.Epsilon.ToString(CultureInfo.InvariantCulture)}: "
                    + $"{ProspectReport.Words(prospect)} Ask for more --records an account, or allow more.");
        }
        catch (SpecException e)
        {
            throw new CommandException($"--data {task.Data}: {e.Message}", innerException: e);
        }
    }
}
