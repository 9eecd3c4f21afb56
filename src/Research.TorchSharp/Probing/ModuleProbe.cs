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
    private const double Tolerance = 1e-3; // Between batches of different sizes: other products, other rounding.

    private const int GoodRows = 128; // Fewer make slow products.
    private const int Multiple = 16; // So that no loop over the numbers of all rows ends within a vector.
    private const long MostFormedBytes = 256L << 20;

    private readonly RandomRecords _records = new(examples);

    /// <summary>Probes.</summary>
    /// <exception cref="ModuleRefusedException">The module cannot be trained privately.</exception>
    /// <exception cref="ArgumentException">The losses cannot be computed, are reduced or do not learn.</exception>
    public ProbeResult Run()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor random = get_rng_state();
        bool wasTraining = module.training;
        IEnumerable<(string Name, Tensor Live)> all =
        [
            .. module.named_buffers().Select(one => ($"buffer '{one.name}'", one.buffer)),
            .. module.named_parameters().Select(one => ($"parameter '{one.name}'", (Tensor)one.parameter)),
        ];
        (string Name, Tensor Live, Tensor Before)[] kept =
            [.. all.Select(one => (one.Name, one.Live, one.Live.detach().clone()))];
        try
        {
            module.train();
            return Probe(kept);
        }
        finally
        {
            using (no_grad())
            {
                foreach ((_, Tensor live, Tensor before) in kept)
                {
                    live.copy_(before);
                }
            }

            module.train(wasTraining);
            set_rng_state(random);
        }
    }

    private ProbeResult Probe((string Name, Tensor Live, Tensor Before)[] kept)
    {
        bool isLoop = options.Method == GradientMethod.Loop;
        int batch = isLoop ? 1 : Batch;
        (Tensor x, Tensor y) = _records.Draw(batch, 1);
        (Tensor otherX, Tensor otherY) = _records.Draw(batch, 2);
        Tensor first = Losses(x, y, Seed);
        if (!first.requires_grad)
        {
            throw new ArgumentException("Expected losses that depend on the module's trained parameters; got others.");
        }

        if (!isLoop && map.Refused is { } refused)
        {
            throw new ModuleRefusedException(
                $"{refused.Layer.Title} ({refused.Layer.Module.GetType().Name}) is refused: {refused.Reason}.");
        }

        Losses(otherX, otherY, Seed);
        RequireSame(first, Losses(x, y, Seed), _ =>
            "the losses of the same records change from call to call: the module keeps state between calls");
        foreach ((string name, Tensor live, Tensor before) in kept)
        {
            if (!live.detach().equal(before).all().item<bool>())
            {
                throw new ModuleRefusedException(
                    $"{name} changes when losses are computed: what records leave there has no noise.");
            }
        }

        bool isRandom = !Same(first, Losses(x, y, Seed + 1));
        if (isLoop)
        {
            const string Asked = "the loop was asked for";
            return new ProbeResult(Asked, isRandom, map.Describe(Asked), Rows(map.Parameters.Length));
        }

        RequireApart(x, y, otherX, otherY, first);
        RequireAlone(x, y, isRandom);
        return Compare(isRandom);
    }

    // Each record alone must have the loss that it has in the batch: also where a loss divides by the batch's size.
    private void RequireAlone(Tensor x, Tensor y, bool isRandom)
    {
        module.train(!isRandom);
        Tensor together = Losses(x, y, Seed).detach().to(float64);
        for (int i = 0; i < Batch; i++)
        {
            double alone = Losses(x.narrow(0, i, 1), y.narrow(0, i, 1), Seed).detach().to(float64).item<double>();
            double within = together[i].item<double>();
            if (double.IsFinite(within) && !(Math.Abs(alone - within) <= Tolerance * (Math.Abs(within) + Tolerance)))
            {
                throw new ModuleRefusedException(
                    $"the loss of a record alone is {alone:G6}, and among {Batch} records {within:G6}: the losses "
                    + "depend on the other records or on how many they are.");
            }
        }

        module.train();
    }

    // The other records are replaced, under one seed.
    private void RequireApart(Tensor x, Tensor y, Tensor otherX, Tensor otherY, Tensor first)
    {
        Tensor mixedX = cat([x.narrow(0, 0, 1), otherX.narrow(0, 1, Batch - 1)]);
        Tensor mixedY = cat([y.narrow(0, 0, 1), otherY.narrow(0, 1, Batch - 1)]);
        Tensor mixed = Losses(mixedX, mixedY, Seed);
        RequireSame(first.narrow(0, 0, 1), mixed.narrow(0, 0, 1), difference =>
            $"{CoupledBefore(x, y, mixedX, mixedY)}: the loss of a record changes by {difference:G3} when the other "
            + "records of its batch are others");
        if (!x.is_floating_point())
        {
            return;
        }

        Tensor leaf = x.detach().clone().requires_grad_();
        Tensor coupled = autograd.grad([Losses(leaf, y, Seed)[0]], [leaf], allow_unused: true)[0];
        if (coupled is { IsInvalid: false }
            && coupled.narrow(0, 1, Batch - 1).count_nonzero().item<long>() > 0)
        {
            throw new ModuleRefusedException(
                "the loss of a record has a gradient by the other records of its batch: the module couples them.");
        }
    }

    // Which layer is the first to get something else for the first record.
    private string CoupledBefore(Tensor x, Tensor y, Tensor mixedX, Tensor mixedY)
    {
        List<(string Title, Tensor First)> before = Arrivals(x, y);
        List<(string Title, Tensor First)> after = Arrivals(mixedX, mixedY);
        foreach (((string title, Tensor one), (_, Tensor other)) in before.Zip(after))
        {
            if (!Same(one, other))
            {
                return $"what reaches {title} couples records";
            }
        }

        return "what follows the last layer that can be seen couples records";
    }

    private List<(string Title, Tensor First)> Arrivals(Tensor x, Tensor y)
    {
        map.Recorder.Begin();
        Losses(x, y, Seed);
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

    private ProbeResult Compare(bool isRandom)
    {
        TapProbe taps = new(map, losses, Batch);
        if (map.WholeLoopReason is null)
        {
            for (ulong draw = 3; draw < 6 && map.WholeLoopReason is null; draw++)
            {
                (Tensor x, Tensor y) = _records.Draw(Batch, draw);
                manual_seed(Seed + (long)draw);
                taps.Compare(x, y);
            }
        }

        string? reason = map.WholeLoopReason;
        int rows = Rows(reason is null ? taps.FormedNumbers : map.Parameters.Length);
        if (reason is null)
        {
            rows = Math.Min((rows + Multiple - 1) / Multiple * Multiple, ClippedSum.MostExamples);
        }

        if (reason is null)
        {
            module.train(!isRandom); // Dropout does draw by place; what else does must not.
            reason = new RowProbe(map, losses, _records, rows).Depends();
            module.train();
        }

        return new ProbeResult(reason, isRandom, map.Describe(reason), rows);
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

    private Tensor Losses(Tensor x, Tensor y, long seed)
    {
        manual_seed(seed);
        return losses.Of(x, y);
    }

    private static void RequireSame(Tensor expected, Tensor actual, Func<double, string> refusal)
    {
        if (!Same(expected, actual))
        {
            double difference = (expected - actual).abs().max().to(float64).item<double>();
            throw new ModuleRefusedException($"{refusal(difference)}.");
        }
    }

    private static bool Same(Tensor a, Tensor b) =>
        a.shape.SequenceEqual(b.shape) && (a.eq(b) | (a.isnan() & b.isnan())).all().item<bool>();
}
