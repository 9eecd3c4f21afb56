using System.Globalization;
using Research.Federation.Evaluation;
using Research.Federation.Program.Layers;
using Research.Training;
using Research.Training.Aggregation;
using Research.Training.Optimizers;

namespace Research.Federation.Rewards;

/// <summary>What a specification must be for its rounds to be scored and paid.</summary>
public static class PayableSpec
{
    /// <summary>The most steps of a round: the noise of each is followed through all later ones.</summary>
    public const int MostSteps = 10_000;

    /// <summary>The fewest directions in which noise is compared with a signal.</summary>
    public const int LeastDegrees = 50;

    /// <summary>The fewest records on which a round can be scored: what fewer say is luck.</summary>
    public const int LeastExamples = 50;

    /// <summary>The most rounds: what earlier ones moved is taken out of each.</summary>
    public const int MostRounds = 256;

    /// <summary>The most classes.</summary>
    public const int MostClasses = 256;

    private const double LeastClip = 1.0 / 256;
    private const double MostClip = 64;
    private const long MostReferenceWeights = 1L << 29;
    private const long MostBucketWeights = 1L << 28; // Sums of 8 bytes.
    private const double MostDeviation = 1 << 21; // Of 2²³ that a weight can have.
    private const double LeastDeviation = 0.5; // Below, rounding to whole units takes the noise away.

    /// <summary>Throws where the reward rule cannot be applied: before a sponsor publishes, and before an owner trains.</summary>
    /// <exception cref="SpecException">There is no task, no privacy, too many steps, or an optimiser whose noise does
    /// not add up linearly.</exception>
    public static void Require(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Task is null)
        {
            throw new SpecException(
                "$.task", "a task section (rounds, reward, evaluation, licence, consent)", "nothing");
        }

        if (spec.Privacy is null)
        {
            throw new SpecException(
                "$.privacy", "a privacy section: updates are released from private training only", "nothing");
        }

        if (spec.Task.Evaluation.Examples < LeastExamples)
        {
            throw new SpecException(
                "$.task.evaluation.examples",
                $"{LeastExamples} records a round or more, to score on",
                spec.Task.Evaluation.Examples.ToString(CultureInfo.InvariantCulture));
        }

        BoundRecords(spec);
        Bound(spec);
        if (spec.Optimizer is not Sgd)
        {
            throw new SpecException(
                "$.optimizer.type",
                "\"sgd\" in a task: the reward rule knows how its noise adds up, and no other's",
                $"\"{spec.Optimizer.Type}\"");
        }

        BoundProgram(spec);
        double deviation = Math.Sqrt(NoiseFloor.VarianceOf(spec));
        if (deviation is not (>= LeastDeviation and <= MostDeviation))
        {
            throw new SpecException(
                "$.privacy.noiseMultiplier",
                $"noise of {LeastDeviation} to {MostDeviation} units of the fixed point in an update",
                deviation.ToString("G4", CultureInfo.InvariantCulture));
        }
    }

    private static void BoundRecords(ModelSpec spec)
    {
        RecordFormat format = RecordFormat.Of(spec);
        if (format.Classes > RecordFormat.MostClasses)
        {
            throw new SpecException(
                "$.model.layers", $"at most {RecordFormat.MostClasses} classes in a task", $"{format.Classes}");
        }

        if (format.Examples > RecordFormat.MostExamples(format.Size))
        {
            throw new SpecException(
                "$.task.evaluation.examples",
                $"at most {RecordFormat.MostExamples(format.Size)} records of {format.Size} numbers a round",
                $"{format.Examples}");
        }
    }

    private static void Bound(ModelSpec spec)
    {
        if (spec.Training.Steps > MostSteps)
        {
            throw new SpecException(
                "$.training.steps",
                $"at most {MostSteps} in a task",
                spec.Training.Steps.ToString(CultureInfo.InvariantCulture));
        }

        long parameters = Network.Create(spec).Parameters.Sum(one => (long)one.Length);
        int least = LeastDegrees + 1 + spec.Task!.Rounds;
        if (parameters < least)
        {
            throw new SpecException(
                "$.model.layers",
                $"{least} parameters or more, to tell a signal from noise in {spec.Task.Rounds} rounds",
                $"{parameters}");
        }

        if (parameters * spec.Task.Reward.References > MostReferenceWeights)
        {
            throw new SpecException(
                "$.task.reward.references",
                $"at most {MostReferenceWeights} weights in all reference runs",
                $"{spec.Task.Reward.References} runs of {parameters}");
        }

        BoundBuckets(spec.Task.Aggregation, parameters);
    }

    // What the integers of a program can hold, and which layers and losses have one.
    private static void BoundProgram(ModelSpec spec)
    {
        LossProgram.Require(spec.Loss);
        int tensor = 0;
        LayerProgram.Of(
            spec.Model.Layers,
            spec.Model.Features?.OutputShape(spec.Model.Input) ?? spec.Model.Input,
            "$.model.layers",
            isModel: true,
            ref tensor);
        int classes = spec.Bind()[^1].Operator.OutputSize;
        if (classes > MostClasses)
        {
            throw new SpecException("$.model.layers", $"at most {MostClasses} classes in a task", $"{classes}");
        }

        if (spec.Task!.Rounds > MostRounds)
        {
            throw new SpecException("$.task.rounds", $"at most {MostRounds}", $"{spec.Task.Rounds}");
        }

        PrivacySection privacy = spec.Privacy!;
        if (privacy.Clipping == ClippingMode.PerLayer)
        {
            throw new SpecException("$.privacy.clipping", "\"flat\" or \"automatic\" in a task", "\"perLayer\"");
        }

        if (privacy.ClipNorm is not (>= LeastClip and <= MostClip))
        {
            throw new SpecException(
                "$.privacy.clipNorm",
                string.Create(CultureInfo.InvariantCulture, $"{LeastClip} to {MostClip} in a task"),
                privacy.ClipNorm.ToString("R", CultureInfo.InvariantCulture));
        }

        double loud = privacy.NoiseMultiplier * privacy.ClipNorm / spec.Training.BatchSize;
        if (loud > MostClip)
        {
            throw new SpecException(
                "$.privacy.noiseMultiplier",
                $"noise of at most {MostClip} in a step, over the batch size",
                loud.ToString("G4", CultureInfo.InvariantCulture));
        }

        if (privacy.ClipNorm * privacy.SampleRate * spec.Task.Reward.Records / spec.Training.BatchSize > MostClip)
        {
            throw new SpecException(
                "$.training.batchSize",
                $"a sum of clipped gradients over the batch size of at most {MostClip}",
                $"{spec.Training.BatchSize}");
        }
    }

    private static void BoundBuckets(AggregationRule rule, long parameters)
    {
        int buckets = rule switch
        {
            Median median => median.Buckets,
            TrimmedMean trimmed => trimmed.Buckets,
            _ => 1,
        };
        if (parameters * buckets > MostBucketWeights)
        {
            throw new SpecException(
                "$.task.aggregation.buckets",
                $"at most {MostBucketWeights} weights in all buckets",
                $"{buckets} buckets of {parameters}");
        }
    }
}
