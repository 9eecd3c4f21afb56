using Research.TorchSharp.Gradients;
using Research.TorchSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Research.TorchSharp.Probing;

/// <summary>Compares what hooks give for each example with the gradients of single losses.</summary>
internal sealed class TapProbe(LayerMap map, ExampleLosses losses, int batch)
{
    private const double Tolerance = 2e-3; // Of a gradient's norm: rounding is a thousandth of it.
    private const double Floor = 1e-5;     // Of the largest of all: where only rounding is left.

    /// <summary>Gets how many numbers of an example's gradient were formed, not kept as factors.</summary>
    public long FormedNumbers { get; private set; }

    /// <summary>Compares on a batch, and notes each layer that does not agree.</summary>
    public void Compare(ProbeBatch records)
    {
        using DisposeScope scope = NewDisposeScope();
        BatchGradients gradients = new(map, losses);
        Tensor each = gradients.Losses(records.Inputs, records.Targets, records.Seeds);
        Tensor[] single = Singles(each);
        gradients.Differentiate(each.sum(), retain: true);
        double floor = Floor * single.Max(Largest);
        foreach (LayerRule rule in map.Rules)
        {
            string? reason = Disagreement(rule, single, floor);
            if (reason is not null && rule.TryOtherLayout())
            {
                reason = Disagreement(rule, single, floor);
            }

            if (reason is not null)
            {
                map.Note(rule.Layer, GradientRule.Loop, reason);
            }
        }

        FormedNumbers = Formed(gradients);
        map.Recorder.Clear();
    }

    private static double Largest(Tensor gradient)
    {
        double largest = gradient.norm(1).max().to(float64).item<double>();
        return double.IsNaN(largest) ? double.PositiveInfinity : largest;
    }

    // [slots] of [B, length]: what each loss by itself gives.
    private Tensor[] Singles(Tensor each)
    {
        List<Tensor> parameters = [.. map.Parameters.Slots.Select(slot => (Tensor)slot.Parameter)];
        Tensor[] single =
        [
            .. map.Parameters.Slots.Select(slot =>
                zeros([batch, slot.Length], dtype: float64, device: slot.Parameter.device)),
        ];
        for (int i = 0; i < batch; i++)
        {
            IList<Tensor> own = autograd.grad([each[i]], parameters, allow_unused: true, retain_graph: true);
            for (int k = 0; k < parameters.Count; k++)
            {
                if (own[k] is { IsInvalid: false } gradient)
                {
                    single[k].select(0, i).copy_(gradient.reshape(-1));
                }
            }
        }

        return single;
    }

    private string? Disagreement(LayerRule rule, Tensor[] single, double floor)
    {
        TapCall[] calls =
            [.. map.Recorder.Calls.Where(call => call.Rule == rule && call.Gradients.Any(g => g is not null))];
        Dictionary<ParameterSlot, Tensor> formed = [];
        if (calls.Length > 0)
        {
            try
            {
                formed = Form(rule, calls);
            }
            catch (Exception e) when (e is System.Runtime.InteropServices.ExternalException or ArgumentException)
            {
                return Misplaced(calls) ?? $"its examples do not lie along the first dimension of [{Shape(calls[0])}]";
            }
        }

        foreach (ParameterSlot slot in rule.Layer.Slots)
        {
            Tensor expected = single[map.Parameters.Slots.ToList().IndexOf(slot)];
            if (!formed.TryGetValue(slot, out Tensor? actual))
            {
                if (Largest(expected) > floor)
                {
                    return calls.Length == 0
                        ? "it is used around its hooks (call it by 'call', not by 'forward' or by its weights)"
                        : $"'{slot.Name}' has a gradient that its hooks do not see";
                }

                continue;
            }

            if (!expected.isfinite().all().item<bool>())
            {
                return $"the gradients of '{slot.Name}' by random records are not finite: nothing can be compared";
            }

            if (!Agree(expected, actual.to(float64), floor))
            {
                return Misplaced(calls)
                    ?? $"the gradients of '{slot.Name}' that its hooks see are not those of the losses";
            }
        }

        return null;
    }

    private Dictionary<ParameterSlot, Tensor> Form(LayerRule rule, TapCall[] calls)
    {
        using (no_grad())
        {
            return rule.Form(calls, batch)
                .SelectMany(piece => piece.Slots.Select(slot => (slot, piece.Form(slot))))
                .ToDictionary(pair => pair.slot, pair => pair.Item2);
        }
    }

    private static bool Agree(Tensor expected, Tensor actual, double floor)
    {
        if (!expected.shape.SequenceEqual(actual.shape))
        {
            return false;
        }

        Tensor difference = (expected - actual).norm(1);
        Tensor relative = Held.Apply(expected.norm(1), Tolerance, (sizes, tolerance) => sizes * tolerance);
        Tensor allowed = Held.Apply(relative, floor, (sizes, least) => sizes + least);
        return difference.le(allowed).all().item<bool>();
    }

    // Says so where rows of the first dimension are not examples.
    private string? Misplaced(TapCall[] calls) =>
        calls.FirstOrDefault(call => call.Taps[0].shape[0] % batch != 0) is { } odd
            ? $"its examples do not lie along the first dimension of [{Shape(odd)}]"
            : calls.FirstOrDefault(call => call.Taps[0].shape.Skip(1).Contains(batch)) is { } other
                ? $"its examples seem to lie along another dimension than the first of [{Shape(other)}]"
                : null;

    private static string Shape(TapCall call) => string.Join(", ", call.Taps[0].shape);

    private long Formed(BatchGradients gradients) => map.WholeLoopReason is not null
        ? map.Parameters.Length
        : gradients.Form(batch).OfType<FormedGradient>().Sum(piece => (long)piece.Slot.Length);
}
