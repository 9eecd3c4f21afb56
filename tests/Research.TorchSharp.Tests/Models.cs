using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Tests;

/// <summary>A module made of a function over other modules.</summary>
internal sealed class Made : Module<Tensor, Tensor>
{
    private readonly Func<Tensor, Tensor> _forward;

    public Made(Func<Tensor, Tensor> forward, params Module[] parts)
        : base(nameof(Made))
    {
        _forward = forward;
        for (int i = 0; i < parts.Length; i++)
        {
            register_module($"m{i}", parts[i]);
        }
    }

    public override Tensor forward(Tensor input) => _forward(input);
}

/// <summary>Parameters of a user's own: a gain through a sigmoid, and a shift.</summary>
internal sealed class Scale : Module<Tensor, Tensor>
{
    private readonly Parameter _gain;
    private readonly Parameter _shift;

    public Scale(long size)
        : base(nameof(Scale))
    {
        _gain = new Parameter(rand(size) + 0.5);
        _shift = new Parameter(randn(size));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => (input * _gain.sigmoid()) + _shift;
}

/// <summary>A transformer's block of Linears and LayerNorms.</summary>
internal sealed class Block : Module<Tensor, Tensor>
{
    private readonly long _heads;
    private readonly Linear _q;
    private readonly Linear _k;
    private readonly Linear _v;
    private readonly Linear _o;
    private readonly Linear _up;
    private readonly Linear _down;
    private readonly LayerNorm _before;
    private readonly LayerNorm _between;

    public Block(long size, long heads)
        : base(nameof(Block))
    {
        _heads = heads;
        (_q, _k) = (Linear(size, size), Linear(size, size));
        (_v, _o) = (Linear(size, size, hasBias: false), Linear(size, size));
        (_up, _down) = (Linear(size, 2 * size), Linear(2 * size, size));
        (_before, _between) = (LayerNorm(size), LayerNorm(size));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        (long batch, long length, long size) = (input.shape[0], input.shape[1], input.shape[2]);
        Tensor Heads(Tensor x) => x.reshape(batch, length, _heads, size / _heads).transpose(1, 2);
        Tensor x = _before.call(input);
        Tensor seen = functional.scaled_dot_product_attention(Heads(_q.call(x)), Heads(_k.call(x)), Heads(_v.call(x)));
        x = input + _o.call(seen.transpose(1, 2).reshape(batch, length, size));
        return x + _down.call(functional.gelu(_up.call(_between.call(x))));
    }
}

/// <summary>Modules, records and losses for tests.</summary>
internal static class Models
{
    public static Tensor CrossEntropy(Tensor scores, Tensor labels) =>
        functional.cross_entropy(scores, labels, reduction: Reduction.None);

    public static TorchExamples Examples(int count, long[] shape, int classes, bool tokens = false, ulong seed = 3)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(seed);
        Tensor inputs = tokens
            ? randint(0, 11, [count, .. shape], dtype: int64, generator: generator)
            : randn([count, .. shape], generator: generator) * 2;
        return TorchExamples.Of(inputs, randint(0, classes, [count], dtype: int64, generator: generator));
    }

    public static PrivatePlan Plan(double rate = 0.5, int steps = 3, double noise = 1, double clip = 0.5) => new()
    {
        SampleRate = rate,
        Steps = steps,
        NoiseMultiplier = noise,
        ClipNorm = clip,
        BatchSize = 8,
    };

    public static PrivateTrainer Trainer(
        Module<Tensor, Tensor> module,
        TorchExamples examples,
        TorchOptions? options = null,
        PrivatePlan? plan = null) => PrivacyEngine.MakePrivate(
            module,
            optim.SGD(module.parameters(), 0.1),
            examples,
            (x, y) => CrossEntropy(module.call(x), y),
            plan ?? Plan(),
            options);
}
