using System.Globalization;
using System.Text.Json;
using Research.Tests.Tensors;
using Research.Training.Optimizers;

namespace Research.Tests.Training.Optimizers;

public sealed class OptimizerStateTests
{
    private static readonly JsonElement Rows = TorchRows.Root.GetProperty("optimizers");
    private static readonly float[][] Gradients =
        [.. Rows.GetProperty("gradients").EnumerateArray().Select(TorchRows.Floats)];

    private static readonly Dictionary<string, Optimizer> Variants = new()
    {
        ["sgd"] = new Sgd(0.1),
        ["sgd momentum"] = new Sgd(0.1, 0.9),
        ["sgd nesterov"] = new Sgd(0.1, 0.9, Nesterov: true),
        ["sgd decay"] = new Sgd(0.1, WeightDecay: 0.05),
        ["sgd nesterov decay"] = new Sgd(0.1, 0.8, Nesterov: true, WeightDecay: 0.05),
        ["adam"] = new Adam(0.01),
        ["adam betas"] = new Adam(0.02, 0.5, 0.9, 1e-3),
        ["adamW"] = new AdamW(0.01, WeightDecay: 0.3),
        ["adamW cosine"] = new AdamW(0.01, WeightDecay: 0.3) { Schedule = new CosineSchedule() },
    };

    public static TheoryData<string> Names => [.. Variants.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_TenSteps_FollowsTorch(string name)
    {
        JsonElement run = Rows.GetProperty("runs").EnumerateArray()
            .Single(row => row.GetProperty("name").GetString() == name);
        float[] weights = TorchRows.Floats(Rows.GetProperty("first"));
        OptimizerState state = Variants[name].Start(weights.Length);
        JsonElement kept = run.GetProperty("weights");
        int compared = 0;

        for (int step = 1; step <= Gradients.Length; step++)
        {
            Step(state, Variants[name], weights, step, 0, weights.Length);
            if (kept.TryGetProperty(step.ToString(CultureInfo.InvariantCulture), out JsonElement expected))
            {
                TorchRows.AssertNear(TorchRows.Doubles(expected), weights, 1e-6);
                compared++;
            }
        }

        Assert.Equal(4, compared);
        foreach (JsonProperty slot in run.GetProperty("slots").EnumerateObject())
        {
            float[] actual = state.Slots.Single(s => s.Name == slot.Name).Values;
            TorchRows.AssertNear(TorchRows.Doubles(slot.Value), actual, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_SharedByThreads_GivesTheBitsOfTheWhole(string name)
    {
        float[][] weights = [TorchRows.Floats(Rows.GetProperty("first")), TorchRows.Floats(Rows.GetProperty("first"))];
        OptimizerState[] states = [Variants[name].Start(19), Variants[name].Start(19)];

        for (int step = 1; step <= Gradients.Length; step++)
        {
            Step(states[0], Variants[name], weights[0], step, 0, 19);
            Step(states[1], Variants[name], weights[1], step, 16, 19);
            Step(states[1], Variants[name], weights[1], step, 0, 16);
        }

        Numbers.AssertSameBits(weights[0], weights[1]);
    }

    // A run that stops, is stored and goes on must not differ from one that never stopped.
    [Theory]
    [MemberData(nameof(Names))]
    public void Slots_CopiedIntoAFreshState_ContinueTheRun(string name)
    {
        float[] whole = TorchRows.Floats(Rows.GetProperty("first"));
        OptimizerState first = Variants[name].Start(19);
        OptimizerState second = Variants[name].Start(19);
        float[] resumed = [];

        for (int step = 1; step <= Gradients.Length; step++)
        {
            if (step == 5)
            {
                resumed = [.. whole];
                for (int slot = 0; slot < first.Slots.Count; slot++)
                {
                    Assert.Equal(first.Slots[slot].Name, second.Slots[slot].Name);
                    first.Slots[slot].Values.CopyTo(second.Slots[slot].Values, 0);
                }
            }

            Step(first, Variants[name], whole, step, 0, 19);
            if (step >= 5)
            {
                Step(second, Variants[name], resumed, step, 0, 19);
            }
        }

        Numbers.AssertSameBits(whole, resumed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Step_OnceStarted_AllocatesNothing(string name)
    {
        float[] weights = TorchRows.Floats(Rows.GetProperty("first"));
        OptimizerState state = Variants[name].Start(weights.Length);
        Step(state, Variants[name], weights, 1, 0, 19);

        Assert.Equal(0, AllocatedBytes.Least(() => state.Step(weights, Gradients[0], 1, 0.1f, 2, 0, 19)));
    }

    // The gradient is the sum over a batch of 4: exact in binary.
    private static void Step(
        OptimizerState state, Optimizer optimizer, float[] weights, int step, int start, int end)
    {
        float[] sum = [.. Gradients[step - 1].Select(g => g * 4)];
        float rate = (float)optimizer.RateAt(step, Gradients.Length);
        state.Step(weights, sum, 0.25f, rate, step, start, end);
    }
}
