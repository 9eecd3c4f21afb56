using System.Globalization;
using Research.Federation.Evaluation;
using Research.Federation.Rewards;
using Research.Training;
using Research.Training.Optimizers;

namespace Research.Cli.Tasks;

/// <summary>What honest owners can expect of a task, said to the sponsor before anything is locked.</summary>
internal static class ProspectReport
{
    /// <summary>The share of honest owners who must be paid for a task to be fair.</summary>
    public const double LeastPaid = 0.5;

    private const int LeastRecords = 100;

    /// <summary>Simulates the task on records that may score.</summary>
    /// <exception cref="CommandException">Most honest owners would go unpaid, and nobody said that this is
    /// meant.</exception>
    public static async Task<TaskProspect> ForAsync(
        ModelSpec spec,
        EvaluationRecords first,
        bool evenIfUnfair,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        int threads = Environment.ProcessorCount;
        TaskProspect prospect = TaskProspect.Of(spec, first.Half, threads, cancellationToken);
        await error.WriteLineAsync(Words(prospect)).ConfigureAwait(false);
        if (FewRecords(first.Examples) is string few)
        {
            await error.WriteLineAsync(few).ConfigureAwait(false);
        }

        if (prospect.ExpectedZ >= TaskProspect.GoodZ)
        {
            return prospect;
        }

        TaskProspect better = TaskProspect.Propose(spec, first.Half, threads, cancellationToken);
        string advice = better.ExpectedZ > prospect.ExpectedZ
            ? $"At the same epsilon this does better: {Plan(better.Spec)}. {Words(better)}"
            : "No plan tried does better at the same epsilon: ask for more records an account, or allow more epsilon.";
        if (prospect.PaidShare >= LeastPaid || evenIfUnfair)
        {
            await error.WriteLineAsync(advice).ConfigureAwait(false);
            return prospect;
        }

        throw new CommandException(
            $"--spec: the noise drowns what honest owners do, and most would go unpaid. {advice} "
            + "Nothing was sent; --even-if-unfair publishes it all the same.");
    }

    /// <summary>Says that few records score; null where they are enough.</summary>
    public static string? FewRecords(int examples) => examples >= LeastRecords
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"WARNING: a round is scored on {examples} records only: with fewer than {LeastRecords} chance decides ")
            + "who is paid. More held-out records, or fewer rounds, help.";

    /// <summary>Says what an honest owner can expect.</summary>
    public static string Words(TaskProspect prospect) => string.Create(
        CultureInfo.InvariantCulture,
        $"An honest owner with {prospect.Spec.Task!.Reward.Records} records stands out of its noise by "
        + $"{prospect.ExpectedZ:0.0} standard deviations; {prospect.PaidShare * 100:0} % of such owners would be "
        + $"paid.");

    /// <summary>Says what no score can see, and what bounds it.</summary>
    public static string Sybils(string stake) =>
        "No score can tell one owner's records, sent from k accounts with fresh noise each, from k owners': they earn "
        + $"up to k shares. What bounds it is the stake of each account, {stake}.";

    /// <summary>Says what owners train.</summary>
    public static string Plan(ModelSpec spec) => string.Create(
        CultureInfo.InvariantCulture,
        $"sampleRate {spec.Privacy!.SampleRate}, noiseMultiplier {spec.Privacy.NoiseMultiplier}, batchSize "
        + $"{spec.Training.BatchSize}, steps {spec.Training.Steps}, learningRate {spec.Optimizer.LearningRate}, "
        + $"momentum {((Sgd)spec.Optimizer).Momentum}");
}
