using Research.TorchSharp.Gradients;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Probing;

/// <summary>Finds out, on random records, what a module does that DP-SGD does not allow.</summary>
/// <remarks>
/// Losses of a record must not change when the other records do, when they are gone, or when the module was called in
/// between; no buffer and no weight may change in a call; and what hooks see must give the gradients of single losses.
/// Comparisons under one seed are exact where the sizes are the same. What depends on values that random records do
/// not have is not seen.
/// </remarks>
internal sealed class ModuleProbe(
    Module module, LayerMap map, ExampleLosses losses, TorchExamples examples, int batchSize, TorchOptions options)
{
    private const int Batch = 5; // Prime, so that no other size is likely to be the same.
    private const long Seed = 20_231_117;
    private const ulong RowsSeed = 29;
    private const double Tolerance = 1e-3; // Between batches of different sizes: other products, other rounding.

    private const int GoodRows = 128; // Fewer make slow products.
    private const int Multiple = 16; // So that no loop over the numbers of all rows ends within a vector.
    private const long MostFormedBytes = 256L << 20;

    /// <summary>Probes.</summary>
    /// <exception cref="ModuleRefusedException">The module cannot be trained privately.</exception>
    /// <exception cref="ArgumentException">The losses cannot be computed, are reduced or do not learn.</exception>
    public ProbeResult Run()
    {
        using DisposeScope scope = NewDisposeScope();
        using KeptState before = new(module);
        Tensor random = get_rng_state();
        try
        {
            SetToTrain(module);
            using KeptState training = new(module);
            return Probe(training);
        }
        finally
        {
            before.Restore();
            set_rng_state(random);
        }
    }

    /// <summary>Sets a module to training, where it is not as a whole: parts of it may be left out on purpose.</summary>
    public static void SetToTrain(Module module)
    {
        if (!module.training)
        {
            module.train();
        }
    }

    private ProbeResult Probe(KeptState training)
    {
        bool isLoop = options.Method == GradientMethod.Loop;
        int count = isLoop ? 1 : Batch;
        RandomRecords records = new(examples, losses, options, count);
        (ProbeBatch batch, ProbeBatch other) = (records.Draw(count, 1), records.Draw(count, 2));
        Tensor first = Losses(batch, Seed);
        if (!first.requires_grad)
        {
            throw new ArgumentException("Expected losses that depend on the module's trained parameters; got others.");
        }

        if (!first.isfinite().all().item<bool>())
        {
            throw new ArgumentException(
                $"Expected finite losses of random records, to probe the module with; got {Worst(first)} for inputs of "
                + $"{records.Inputs} and targets of {records.Targets} (TorchOptions.InputRange and TargetRange say what "
                + "records hold).");
        }

        if (!isLoop && map.Refused is { } refused)
        {
            throw new ModuleRefusedException(
                $"{refused.Layer.Title} ({refused.Layer.Module.GetType().Name}) is refused: {refused.Reason}.");
        }

        Losses(other, Seed);
        RequireSame(first, Losses(batch, Seed), _ =>
            "the losses of the same records change from call to call: the module keeps state between calls");
        training.Require();
        if (isLoop)
        {
            const string Asked = "the loop was asked for";
            RequireWritten(batch);
            return new ProbeResult(Asked, map.Describe(Asked), Rows(map.Parameters.Length));
        }

        string? noLayers = map.Dropout.Problem
            ?? (Same(first, Losses(batch, Seed + 1))
                ? null
                : "the module draws random numbers by a record's place (only nn.Dropout follows the record)");
        string? unseen = RequireApart(batch, other, first);
        if (noLayers is null)
        {
            RequireAlone(batch);
        }

        return Compare(records, noLayers ?? unseen);
    }

    // Each record alone must have the loss that it has in the batch: also where a loss divides by the batch's size.
    private void RequireAlone(ProbeBatch batch)
    {
        Tensor together = Losses(batch, Seed).detach().to(float64);
        for (int i = 0; i < Batch; i++)
        {
            double alone = Losses(batch.Take(i), Seed).detach().to(float64).item<double>();
            double within = together[i].item<double>();
            if (!(Math.Abs(alone - within) <= Tolerance * (Math.Abs(within) + Tolerance)))
            {
                throw new ModuleRefusedException(
                    $"the loss of a record alone is {alone:G6}, and among {Batch} records {within:G6}: the losses "
                    + "depend on the other records or on how many they are.");
            }
        }
    }

    // The other records are replaced, under one seed. Says where nothing can be compared.
    private string? RequireApart(ProbeBatch batch, ProbeBatch other, Tensor first)
    {
        ProbeBatch mixed = batch.Take(0).Then(other.Take(Enumerable.Range(1, Batch - 1)));
        RequireSame(first.narrow(0, 0, 1), Losses(mixed, Seed).narrow(0, 0, 1), difference =>
            $"{CoupledBefore(batch, mixed)}: the loss of a record changes by {difference:G3} when the other "
            + "records of its batch are others");
        if (!batch.Inputs.is_floating_point())
        {
            return null;
        }

        Tensor leaf = batch.Inputs.detach().clone().requires_grad_();
        Tensor coupled =
            autograd.grad([Losses(batch with { Inputs = leaf }, Seed)[0]], [leaf], allow_unused: true)[0];
        if (coupled is null or { IsInvalid: true })
        {
            return null;
        }

        Tensor others = coupled.narrow(0, 1, Batch - 1);
        if ((others.ne(0) & others.isfinite()).any().item<bool>())
        {
            throw new ModuleRefusedException(
                "the loss of a record has a gradient by the other records of its batch: the module couples them.");
        }

        return others.isfinite().all().item<bool>()
            ? null
            : "the gradients by the inputs of random records are not finite: nothing can be compared";
    }

    // Which layer is the first to get something else for the first record.
    private string CoupledBefore(ProbeBatch batch, ProbeBatch mixed)
    {
        List<(string Title, Tensor First)> before = Arrivals(batch);
        List<(string Title, Tensor First)> after = Arrivals(mixed);
        foreach (((string title, Tensor one), (_, Tensor other)) in before.Zip(after))
        {
            if (!Same(one, other))
            {
                return $"what reaches {title} couples records";
            }
        }

        return "what follows the last layer that can be seen couples records";
    }

    private List<(string Title, Tensor First)> Arrivals(ProbeBatch batch)
    {
        map.Recorder.Begin();
        Losses(batch, Seed);
        map.Recorder.End();
        List<(string, Tensor)> arrivals =
        [
            .. map.Recorder.Calls
                .Where(call => call.Inputs[0].dim() > 0 && call.Inputs[0].shape[0] % Batch == 0)
                .Select(call => (
                    call.Rule.Layer.Title,
                    call.Inputs[0].narrow(0, 0, call.Inputs[0].shape[0] / Batch).clone())),
        ];
        map.Recorder.Clear();
        return arrivals;
    }

    private ProbeResult Compare(RandomRecords records, string? noLayers)
    {
        TapProbe taps = new(map, losses, Batch);
        for (ulong draw = 3; draw < 6 && noLayers is null && map.WholeLoopReason is null; draw++)
        {
            manual_seed(Seed + (long)draw);
            taps.Compare(records.Draw(Batch, draw));
        }

        string? reason = map.WholeLoopReason ?? noLayers;
        int rows = Rows(reason is null ? taps.FormedNumbers : map.Parameters.Length);
        if (reason is null)
        {
            rows = Math.Min((rows + Multiple - 1) / Multiple * Multiple, ClippedSum.MostExamples);
            reason = new RowProbe(map, losses, records, rows).Depends()
                ?? (MemoryProbe.Reads(new BatchGradients(map, losses), records.Draw(rows, RowsSeed))
                    ? "the gradients of a batch follow from memory that nobody wrote"
                    : null);
        }

        if (reason is not null)
        {
            RequireWritten(records.Draw(1, RowsSeed));
        }

        return new ProbeResult(reason, map.Describe(reason), rows);
    }

    // The loop is the last resort.
    private void RequireWritten(ProbeBatch batch)
    {
        if (MemoryProbe.Reads(new LoopGradients(map.Parameters, losses), batch))
        {
            throw new ModuleRefusedException(
                "the gradients of a record follow from memory that nobody wrote: the module, or libtorch in it, reads "
                + "tensors before it writes them (torch.empty, say).");
        }
    }

    // Two deviations more than half, a third, ... of an expected batch, which then seldom needs another part.
    private int Rows(long formedNumbers)
    {
        if (options.MicroBatch is { } asked)
        {
            return asked;
        }

        double parts = Math.Ceiling((double)batchSize / GoodRows);
        double rows = Math.Ceiling((batchSize + (2 * Math.Sqrt(batchSize))) / parts);
        long affordable = MostFormedBytes / (sizeof(float) * Math.Max(1, formedNumbers));
        return (int)Math.Clamp(rows, 1, Math.Max(1, affordable));
    }

    private Tensor Losses(ProbeBatch batch, long seed)
    {
        manual_seed(seed);
        using IDisposable dropout = map.Dropout.Begin(batch.Seeds);
        return losses.Of(batch.Inputs, batch.Targets);
    }

    private static double Worst(Tensor losses) =>
        losses.detach().masked_select(losses.isfinite().logical_not())[0].to(float64).item<double>();

    private static void RequireSame(Tensor expected, Tensor actual, Func<double, string> refusal)
    {
        if (!Same(expected, actual))
        {
            double difference = (expected - actual).abs().max().to(float64).item<double>();
            throw new ModuleRefusedException($"{refusal(difference)}.");
        }
    }

    private static bool Same(Tensor a, Tensor b) => a.shape.SequenceEqual(b.shape) && a.eq(b).all().item<bool>();
}
