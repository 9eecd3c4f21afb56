using Research.Training;
using Research.Training.Layers;

namespace Research.Tests.Training.Export;

/// <summary>Small models that together hold each type of layer, each on every kind of input that it takes.</summary>
internal static class OnnxModels
{
    public static IReadOnlyDictionary<string, ModelSection> All { get; } = new Dictionary<string, ModelSection>
    {
        ["linear"] = new([5], 1, [new Linear(5, 3)]),
        ["linear on rows"] = new([4, 5], 1, [new Linear(5, 3), new Flatten()]),
        ["conv2d"] = new([3, 6, 7], 1, [new Conv2d(3, 4, 3, 2, 1), new Flatten()]),
        ["conv2d groups"] = new([4, 6, 5], 1, [new Conv2d(4, 6, 3, 1, 2, 2), new Flatten()]),
        ["maxPool2d"] = new([2, 7, 6], 1, [new MaxPool2d(3, 2), new Flatten()]),
        ["avgPool2d"] = new([2, 7, 6], 1, [new AvgPool2d(3, 2), new Flatten()]),
        ["flatten"] = new([2, 3, 4], 1, [new Flatten()]),
        ["relu"] = new([6], 1, [new ReLU()]),
        ["tanh"] = new([6], 1, [new Tanh()]),
        ["sigmoid"] = new([6], 1, [new Sigmoid()]),
        ["silu"] = new([6], 1, [new Silu()]),
        ["gelu"] = new([6], 1, [new Gelu()]),
        ["globalAvgPool2d"] = new([3, 4, 5], 1, [new GlobalAvgPool2d()]),
        ["globalMaxPool2d"] = new([3, 4, 5], 1, [new GlobalMaxPool2d()]),
        ["groupNorm"] = new([6, 4, 5], 1, [new GroupNorm(3, 6), new Flatten()]),
        ["groupNorm on rows"] = new([4, 5], 1, [new GroupNorm(2, 4), new Flatten()]),
        ["groupNorm on a vector"] = new([6], 1, [new GroupNorm(2, 6)]),
        ["layerNorm"] = new([6], 1, [new LayerNorm(6)]),
        ["layerNorm on rows"] = new([3, 5], 1, [new LayerNorm(5), new Flatten()]),
        ["embedding"] = new([5], 1, [new Embedding(11, 4), new Flatten()]),
        ["selfAttention"] = new([5, 6], 1, [new SelfAttention(6, 2), new Flatten()]),
        ["selfAttention causal"] = new([5, 6], 1, [new SelfAttention(6, 3, Causal: true), new Flatten()]),
        ["residual"] = new([6], 1, [new Residual([new Linear(6, 6), new ReLU()])]),
        ["residual in residual"] = new([6], 1, [new Residual([new Residual([new Tanh()]), new Linear(6, 6)])]),
        ["residual of nothing"] = new([6], 1, [new Residual([new Dropout(0.5)])]),
        ["dropout"] = new([6], 1, [new Dropout(0.5)]),
        ["dropout at the end"] = new([6], 1, [new Linear(6, 3), new Dropout(0.5)]),
        ["transformer"] = new(
            [8],
            1,
            [
                new Embedding(11, 12),
                new Residual([new LayerNorm(12), new SelfAttention(12, 4, Causal: true), new Dropout(0.1)]),
                new Residual([new LayerNorm(12), new Linear(12, 24), new Gelu(), new Linear(24, 12)]),
                new Flatten(),
                new Linear(96, 3),
            ]),
        ["residual network"] = new(
            [3, 8, 8],
            1,
            [
                new Conv2d(3, 8, 3, 2, 1), new GroupNorm(4, 8), new Silu(),
                new Residual([new Conv2d(8, 8, 3, 1, 1, 8), new GroupNorm(2, 8), new Silu(), new Conv2d(8, 8, 1)]),
                new GlobalAvgPool2d(), new Linear(8, 5),
            ]),
    };
}
