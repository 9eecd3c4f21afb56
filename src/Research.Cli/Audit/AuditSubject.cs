using Research.Interactive.Owner;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Cli.Audit;

/// <summary>The trainer's configuration that is audited, read and checked.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Spec">The specification, with privacy.</param>
/// <param name="Data">The records that canaries hide among.</param>
/// <param name="IsDataOwn">Whether these are somebody's own: what is found out among them stays local.</param>
internal sealed record AuditSubject(string Name, ModelSpec Spec, Dataset Data, bool IsDataOwn = false)
{
    private const double DefaultDelta = 1e-5;
    private const int MostOutputs = 50_000; // One layer with room for 100,000 canaries.

    /// <summary>Reads a specification, or makes the smallest model that follows a plan.</summary>
    /// <exception cref="CommandException">The file is not a specification with privacy.</exception>
    public static AuditSubject Prepare(AuditRequest request)
    {
        if (request.Spec is not string file)
        {
            ModelSpec plan = Plan(request);
            return new AuditSubject("a plan", plan, AuditPlan.Blank(plan));
        }

        InputFile.Check("--spec", file);
        try
        {
            ModelSpec spec = ModelSpec.Load(file);
            if (spec.Privacy is null)
            {
                throw new CommandException(
                    $"--spec: expected a specification with $.privacy, for its epsilon is audited; got {file}.");
            }

            Dataset data = request.Data is string name ? Datasets.Open(name).Train : AuditPlan.Blank(spec);
            return new AuditSubject(
                spec.Name, spec, data, request.Data is string own && Datasets.IsOwn(own));
        }
        catch (SpecException e)
        {
            throw new CommandException($"{file}, {e.Message}", innerException: e);
        }
    }

    private static ModelSpec Plan(AuditRequest request)
    {
        int steps = request.Steps!.Value;
        int trials = request.Trials ?? AuditPlan.DefaultTrials(steps);
        int outputs = Math.Clamp(trials / 2 / request.Threads, 2, MostOutputs); // A run for each thread.
        return new ModelSpec
        {
            Name = "audit",
            Model = new ModelSection([1], Seed: 1, [new Linear(1, outputs)]),
            Optimizer = new Sgd(LearningRate: 1e-3),
            Training = new TrainingSection(BatchSize: 1, steps),
            Privacy = new PrivacySection(
                request.SampleRate!.Value,
                ClipNorm: 1,
                request.NoiseMultiplier!.Value,
                request.Delta ?? DefaultDelta,
                EpsilonCap: 1e6),
        };
    }
}
