using Research.TorchSharp.Gradients;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Tests;

/// <summary>A module for tests, and what it takes.</summary>
/// <param name="Module">The module; it ends in scores [B, 4].</param>
/// <param name="Shape">Shape of one input.</param>
/// <param name="Tokens">Whether inputs are tokens, 0 to 10.</param>
/// <param name="IsSequenceFirst">Whether its recurrent layer has the time first.</param>
internal sealed record ZooModule(
    Module<Tensor, Tensor> Module, long[] Shape, bool Tokens = false, bool IsSequenceFirst = false)
{
    public const int Classes = 4;

    public string Describe() => string.Join(" ", Module.children().Select(part => part.GetType().Name));

    public ExampleLosses Losses => new((x, y) => Models.CrossEntropy(Module.call(x), y));

    public (Tensor Inputs, Tensor Targets) Draw(int count, ulong seed)
    {
        using TorchExamples examples = Models.Examples(count, Shape, Classes, Tokens, seed);
        return (examples.Inputs.clone(), examples.Targets.clone());
    }
}

/// <summary>Modules with each layer that has a rule, and random ones.</summary>
internal static class Zoo
{
    public static Dictionary<string, Func<ZooModule>> Rules { get; } = new()
    {
        ["Linear"] = () => Plain([7], Linear(7, 6), Tanh(), Linear(6, 4)),
        ["Linear without bias"] = () => Plain([7], Linear(7, 6, hasBias: false), Tanh(), Linear(6, 4, hasBias: false)),
        ["Linear at positions"] = () => Made(
            [5, 7], (x, m) => m[1](m[0](x).tanh().mean([1])), Linear(7, 6), Linear(6, 4)),
        ["Linear on rows [B·T, D]"] = () => Made(
            [5, 7],
            (x, m) => m[1](m[0](x.reshape(-1, 7)).tanh().reshape(-1, 5, 6).sum(1)),
            Linear(7, 6),
            Linear(6, 4)),
        ["Linear called twice"] = () => Made(
            [6], (x, m) => m[1](m[0](m[0](x).tanh()).tanh()), Linear(6, 6), Linear(6, 4)),
        ["Linear, weight frozen"] = () =>
        {
            Linear frozen = Linear(7, 6);
            frozen.weight!.requires_grad = false;
            return Plain([7], frozen, Tanh(), Linear(6, 4));
        },
        ["in place"] = () => Plain([7], Linear(7, 6), ReLU(inplace: true), Linear(6, 4)),
        ["Conv1d"] = () => Plain(
            [4, 11], Conv1d(4, 6, 3, stride: 2, padding: 2, dilation: 2, groups: 2), Tanh(), Flatten(), Linear(36, 4)),
        ["Conv2d"] = () => Plain([2, 7, 6], Conv2d(2, 3, 3, padding: 1), Tanh(), Flatten(), Linear(126, 4)),
        ["Conv2d with stride, dilation and groups"] = () => Plain(
            [4, 9, 8],
            Conv2d(4, 6, (3, 2), stride: (2, 1), padding: (1, 2), dilation: (2, 3), groups: 2, bias: false),
            Tanh(),
            Flatten(),
            LazyLinear(4, [4, 9, 8], Conv2d(4, 6, (3, 2), stride: (2, 1), padding: (1, 2), dilation: (2, 3)))),
        ["Embedding"] = () => Tokens((x, m) => m[1](m[0](x).mean([1])), Embedding(11, 5, padding_idx: 3), Linear(5, 4)),
        ["LayerNorm"] = () => Plain([5, 6], Linear(6, 6), LayerNorm([5, 6]), Flatten(), Linear(30, 4)),
        ["LayerNorm of the last"] = () => Plain([5, 6], LayerNorm(6), Flatten(), Linear(30, 4)),
        ["GroupNorm"] = () => Plain([4, 5, 5], Conv2d(4, 6, 3), Sound(GroupNorm(3, 6)), Flatten(), Linear(54, 4)),
        ["attention of Linears"] = () => Tokens(
            (x, m) => m[2](m[1](m[0](x)).mean([1])), Embedding(11, 8), new Block(8, 2), Linear(8, 4)),
        ["replay: own parameters"] = () => Plain([6], Linear(6, 5), new Scale(5), Linear(5, 4)),
        ["replay: PReLU"] = () => Plain([6], Linear(6, 5), PReLU(5), Linear(5, 4)),
        ["replay: LSTM"] = () => Recurrent(LSTM(3, 16, batchFirst: true), sequenceFirst: false),
        ["replay: LSTM, time first"] = () => Recurrent(LSTM(3, 16), sequenceFirst: true),
        ["replay: GRU"] = () =>
        {
            GRU gru = GRU(3, 16, batchFirst: true);
            Linear head = Linear(16, 4);
            return new ZooModule(new Made(x => head.call(gru.call(x, null).Item1.mean([1])), gru, head), [6, 3]);
        },
    };

    /// <summary>Makes a module of 2 to 6 layers.</summary>
    public static ZooModule Random(int seed)
    {
        System.Random random = new(seed);
        List<Module<Tensor, Tensor>> parts = [];
        bool isImage = random.Next(2) == 0;
        int layers = random.Next(2, 7);
        long[] shape = isImage ? [4, 8, 8] : [random.Next(2, 5), random.Next(3, 9)];
        long channels = isImage ? 4 : shape[1];
        for (int i = 0; i < layers - 1; i++)
        {
            parts.Add(isImage ? ImageLayer(random, channels) : RowLayer(random, ref channels));
            parts.Add(random.Next(3) switch { 0 => Tanh(), 1 => GELU(), _ => SiLU() });
        }

        long size = isImage ? 4 * 8 * 8 : shape[0] * channels;
        parts.AddRange([Flatten(), Linear(size, ZooModule.Classes)]);
        return Plain(shape, [.. parts]);
    }

    private static Module<Tensor, Tensor> ImageLayer(System.Random random, long channels) => random.Next(4) switch
    {
        0 => Conv2d(channels, channels, 3, padding: 1, groups: random.Next(2) == 0 ? 1 : 2),
        1 => Conv2d(channels, channels, 3, padding: 2, dilation: 2, bias: random.Next(2) == 0),
        2 => Sound(GroupNorm(2, channels)),
        _ => LayerNorm([channels, 8, 8]),
    };

    private static Module<Tensor, Tensor> RowLayer(System.Random random, ref long size)
    {
        long before = size;
        switch (random.Next(4))
        {
            case 0:
                return LayerNorm(size);
            case 1:
                return new Scale(size);
            default:
                size = random.Next(3, 9);
                return Linear(before, size, hasBias: random.Next(2) == 0);
        }
    }

    /// <summary>Sets the weights of a GroupNorm, which TorchSharp may leave as memory was.</summary>
    public static GroupNorm Sound(GroupNorm norm)
    {
        init.uniform_(norm.weight!, 0.5, 1.5);
        init.uniform_(norm.bias!, -0.5, 0.5);
        return norm;
    }

    private static ZooModule Plain(long[] shape, params Module<Tensor, Tensor>[] parts) =>
        new(Sequential(parts.Select((part, i) => ($"m{i}", part)).ToArray()), shape);

    private static ZooModule Made(
        long[] shape, Func<Tensor, Func<Tensor, Tensor>[], Tensor> forward, params Module<Tensor, Tensor>[] parts)
    {
        Func<Tensor, Tensor>[] calls = [.. parts.Select(part => (Func<Tensor, Tensor>)part.call)];
        return new ZooModule(new Made(x => forward(x, calls), parts), shape);
    }

    private static ZooModule Tokens(
        Func<Tensor, Func<Tensor, Tensor>[], Tensor> forward, params Module<Tensor, Tensor>[] parts) =>
        Made([7], forward, parts) with { Tokens = true };

    private static ZooModule Recurrent(LSTM lstm, bool sequenceFirst)
    {
        Linear head = Linear(16, 4);
        Made made = new(
            x =>
            {
                (Tensor all, Tensor hidden, Tensor cell) =
                    lstm.call(sequenceFirst ? x.transpose(0, 1) : x, null);
                return head.call(all.mean([sequenceFirst ? 0 : 1]) + hidden.squeeze(0) + cell.squeeze(0));
            },
            lstm,
            head);
        return new ZooModule(made, [6, 3], IsSequenceFirst: sequenceFirst);
    }

    private static Linear LazyLinear(long outputs, long[] shape, Module<Tensor, Tensor> before)
    {
        using Tensor output = before.call(zeros([1, .. shape]));
        return Linear(output.numel(), outputs);
    }
}
