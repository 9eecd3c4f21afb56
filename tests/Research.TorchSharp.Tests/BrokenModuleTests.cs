using TorchSharp.Modules;
using Xunit.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Tests;

/// <summary>Modules that would leak: each is refused, or goes to the loop, where one record changes at most
/// C.</summary>
public sealed class BrokenModuleTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, (Func<ZooModule> Make, string Reason)> ToTheLoop = new()
    {
        ["forward() around the hooks"] = (
            () => Two((x, a, b) => b.call(functional.tanh(a.forward(x)))), "used around its hooks"),
        ["weights used directly"] = (() => Two((x, a, b) => b.call(
            functional.tanh(functional.linear(functional.tanh(a.call(x)).narrow(1, 0, 8), a.weight!, a.bias)))),
            "not those of the losses"),
        ["tied weights"] = (Tied, "tied"),
        ["weights tied to an embedding's"] = (
            () =>
            {
                (Embedding rows, Linear head) = (Embedding(11, 8), Linear(8, 11));
                head.weight = rows.weight!;
                return new ZooModule(new Made(x => head.call(rows.call(x).mean([1L])), rows, head), [3], Tokens: true);
            },
            "tied"),
        ["Linear on [T, B, D]"] = (
            () => TimeFirst((x, l) => functional.tanh(l.call(x.reshape(-1, 4, 2).transpose(0, 1))).sum([0L])),
            "first"),
        ["Linear on [T, B, D], T = B"] = (
            () => TimeFirst((x, l) => functional.tanh(
                l.call(x.repeat(1, 5).reshape(-1, 4, 10).transpose(1, 2).narrow(1, 0, 5).transpose(0, 1)
                    .narrow(2, 0, 2))).sum([0L])),
            "dimension"),
        ["native MultiheadAttention"] = (Attention, "no hook"),
        ["native TransformerEncoderLayer"] = (Encoder, "hooks"),
        ["TorchScript"] = (
            () =>
            {
                jit.ScriptModule<Tensor, Tensor> script = jit.load<Tensor, Tensor>(
                    Path.Combine(AppContext.BaseDirectory, "mlp-torchscript.pt"));
                return new ZooModule(new Made(script.call, script), [6]);
            },
            "'m0"),
    };

    private static readonly Dictionary<string, (Func<ZooModule> Make, string Reason)> Refused = new()
    {
        ["BatchNorm1d"] = (
            () =>
            {
                (Linear a, BatchNorm1d norm, Linear b) = (Linear(8, 16), BatchNorm1d(16), Linear(16, 4));
                return Of(x => b.call(norm.call(a.call(x))), a, norm, b);
            },
            "'m1'"),
        ["BatchNorm1d without statistics"] = (
            () =>
            {
                (Linear a, BatchNorm1d norm, Linear b) =
                    (Linear(8, 16), BatchNorm1d(16, affine: false, track_running_stats: false), Linear(16, 4));
                return Of(x => b.call(norm.call(a.call(x))), a, norm, b);
            },
            "what reaches layer 'm2'"),
        ["a detached batch mean"] = (
            () => Two((x, a, b) =>
            {
                Tensor hidden = a.call(x);
                return b.call(functional.tanh(hidden - hidden.detach().mean([0L])));
            }),
            "what reaches layer 'm1'"),
        ["a batch mean of the scores"] = (
            () => Two((x, a, b) =>
            {
                Tensor scores = b.call(functional.tanh(a.call(x)));
                return scores - scores.mean([0L]);
            }),
            "what follows the last layer"),
        ["divided by the batch's size"] = (
            () => Two((x, a, b) => b.call(functional.tanh(a.call(x))) / x.shape[0]), "how many they are"),
        ["state between calls"] = (WithState, "state between calls"),
        ["a buffer that counts"] = (WithBuffer, "buffer 'seen'"),
        ["an embedding that shortens its rows"] = (
            () =>
            {
                (Embedding rows, Linear b) = (Embedding(11, 8, max_norm: 0.1), Linear(8, 4));
                return new ZooModule(new Made(x => b.call(rows.call(x).mean([1L])), rows, b), [3], Tokens: true);
            },
            "parameter 'm0.weight'"),
    };

    public static TheoryData<string> LoopNames => [.. ToTheLoop.Keys];

    public static TheoryData<string> RefusedNames => [.. Refused.Keys];

    [TorchTheory]
    [MemberData(nameof(LoopNames))]
    public void MakePrivate_WhatHooksCannotSee_GoesToTheLoop(string name)
    {
        manual_seed(4);
        ZooModule zoo = ToTheLoop[name].Make();
        (double largest, string? loop) = SensitivityTests.Largest(zoo, GradientMethod.Automatic);

        output.WriteLine($"{name}: {largest:F6} C; {loop}");
        Assert.Contains(ToTheLoop[name].Reason, loop, StringComparison.Ordinal);
        Assert.InRange(largest, 0.9, 1);
    }

    [TorchTheory]
    [MemberData(nameof(RefusedNames))]
    public void MakePrivate_WhatCouplesRecords_IsRefused(string name)
    {
        manual_seed(4);
        ZooModule zoo = Refused[name].Make();
        using TorchExamples examples = Models.Examples(12, zoo.Shape, ZooModule.Classes, zoo.Tokens);

        ModuleRefusedException refused =
            Assert.Throws<ModuleRefusedException>(() => Models.Trainer(zoo.Module, examples));

        output.WriteLine($"{name}: {refused.Message}");
        Assert.Contains(Refused[name].Reason, refused.Message, StringComparison.Ordinal);
    }

    [TorchTheory]
    [InlineData("state between calls")]
    [InlineData("a buffer that counts")]
    public void MakePrivate_StateAndBuffers_AreRefusedByTheLoopToo(string name)
    {
        manual_seed(4);
        ZooModule zoo = Refused[name].Make();
        using TorchExamples examples = Models.Examples(12, zoo.Shape, ZooModule.Classes);
        TorchOptions loop = new() { Method = GradientMethod.Loop };

        Assert.Throws<ModuleRefusedException>(() => Models.Trainer(zoo.Module, examples, loop));
    }

    [TorchFact]
    public void MakePrivate_DetachedBatchMeanByTheLoop_ChangesAtMostTheClipNorm()
    {
        manual_seed(4);
        (double largest, string? loop) =
            SensitivityTests.Largest(Refused["a detached batch mean"].Make(), GradientMethod.Loop);

        Assert.NotNull(loop);
        Assert.InRange(largest, 0, 1);
    }

    [TorchFact]
    public void Inspect_AMixedModule_SaysOfEachLayerHow()
    {
        MultiheadAttention attention = MultiheadAttention(8, 2);
        Made module = new(x => x, Linear(8, 8), attention, LSTM(8, 8), new Scale(8), BatchNorm1d(8), Conv1d(8, 8, 3));

        IReadOnlyList<LayerGradient> layers = PrivacyEngine.Inspect(module);

        layers.ToList().ForEach(layer => output.WriteLine(layer.ToString()));
        Assert.Equal(GradientRule.Loop, layers.First(layer => layer.Name == "m0").Rule);
        Assert.Equal(GradientRule.Refused, layers.First(layer => layer.Type == "BatchNorm1d").Rule);
        Assert.Contains(layers, layer => layer.Name == "m1" && layer.Reason!.Contains("no hook"));
        Assert.Equal(GradientRule.Linear, PrivacyEngine.Inspect(Linear(2, 2))[0].Rule);
    }

    private static ZooModule Of(Func<Tensor, Tensor> forward, params Module[] parts) =>
        new(new Made(forward, parts), [8]);

    private static ZooModule Two(Func<Tensor, Linear, Linear, Tensor> forward)
    {
        (Linear a, Linear b) = (Linear(8, 16), Linear(16, 4));
        return Of(x => forward(x, a, b), a, b);
    }

    private static ZooModule TimeFirst(Func<Tensor, Linear, Tensor> hidden)
    {
        (Linear l, Linear b) = (Linear(2, 8), Linear(8, 4));
        return Of(x => b.call(hidden(x, l)), l, b);
    }

    private static ZooModule Tied()
    {
        (Linear a, Linear h, Linear b) = (Linear(8, 8), Linear(8, 8), Linear(8, 4));
        h.weight = a.weight;
        return Of(x => b.call(functional.tanh(h.call(functional.tanh(a.call(x))))), a, h, b);
    }

    private static ZooModule Attention()
    {
        (MultiheadAttention attention, Linear b) = (MultiheadAttention(8, 2), Linear(8, 4));
        return Of(
            x =>
            {
                Tensor rows = x.reshape(-1, 1, 8).transpose(0, 1);
                return b.call(attention.call(rows, rows, rows, null, true, null).Item1.transpose(0, 1).reshape(-1, 8));
            },
            attention,
            b);
    }

    private static ZooModule Encoder()
    {
        (TransformerEncoderLayer encoder, Linear b) = (TransformerEncoderLayer(8, 2, 16, 0.0), Linear(8, 4));
        return Of(
            x => b.call(encoder.call(x.reshape(-1, 1, 8).transpose(0, 1), null!, null!).transpose(0, 1).reshape(-1, 8)),
            encoder,
            b);
    }

    private static ZooModule WithState()
    {
        Tensor? state = null;
        return Two((x, a, b) =>
        {
            Tensor hidden = a.call(x);
            hidden = state is null ? hidden : hidden + state;
            state = hidden.detach().mean([0L]).DetachFromDisposeScope();
            return b.call(functional.tanh(hidden));
        });
    }

    private static ZooModule WithBuffer()
    {
        (Linear a, Linear b) = (Linear(8, 16), Linear(16, 4));
        Tensor seen = zeros(1).DetachFromDisposeScope();
        Made module = new(
            x =>
            {
                seen.add_(1);
                return b.call(functional.tanh(a.call(x)));
            },
            a,
            b);
        module.register_buffer("seen", seen);
        return new ZooModule(module, [8]);
    }
}
