using Research.TorchSharp.Gradients;
using Research.TorchSharp.Native;
using Research.TorchSharp.Probing;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Tests;

/// <summary>What a record adds must not follow from what lies in freed memory.</summary>
public sealed class UnwrittenMemoryTests
{
    [TorchTheory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(20_000)]
    [InlineData(1_000_000)]
    public void Over_MemoryGivenMeanwhile_IsOfThatByte(long size)
    {
        using DisposeScope scope = NewDisposeScope();

        float[][] given = UnwrittenMemory.Over(
            0x41, () => Enumerable.Range(0, 40).Select(_ => empty(size).data<float>().ToArray()).ToArray());

        float expected = BitConverter.ToSingle([0x41, 0x41, 0x41, 0x41]);
        Assert.All(given, one => Assert.Equal(-1, one.AsSpan().IndexOfAnyExcept(expected)));
    }

    [TorchTheory]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(20_000)]
    public void Fill_MemoryGivenNext_HoldsTheNumberHereAndThere(long size)
    {
        using DisposeScope scope = NewDisposeScope();

        UnwrittenMemory.Fill(7.25f);

        Tensor[] next = [.. Enumerable.Range(0, 40).Select(_ => empty(size))];
        Assert.Contains(next, one => one.eq(7.25f).any().item<bool>());
    }

    // Convolutions of few channels, whose gradients oneDNN left half unwritten.
    [TorchTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(12)]
    public void Gradient_OfAConvolutionsInput_IsTheSameOverAnyMemory(int channels)
    {
        Assert.True(OneDnn.TurnOff());
        manual_seed(3);
        foreach (int batch in (int[])[1, 2, 5, 16, 21])
        {
            foreach (long dilation in (long[])[1, 2])
            {
                using DisposeScope scope = NewDisposeScope();
                global::TorchSharp.Modules.Conv2d layer =
                    Conv2d(channels, channels, 3, padding: dilation, dilation: dilation);
                Tensor x = randn(batch, channels, 8, 8).requires_grad_();
                Tensor weights = randn(batch, channels, 8, 8);

                Tensor zero = Over(0);
                Tensor nan = Over(float.NaN);

                Assert.True(zero.isfinite().all().item<bool>());
                Assert.True(zero.eq(nan).all().item<bool>(), $"{channels} channels, {batch} records");

                Tensor Over(float value)
                {
                    Tensor loss = (layer.call(x) * weights).sum();
                    UnwrittenMemory.Fill(value);
                    return autograd.grad([loss], [x])[0];
                }
            }
        }
    }

    [TorchFact]
    public void Reads_GradientsThatFollowFromIt_AreFoundAndOthersAreNot()
    {
        using DisposeScope scope = NewDisposeScope();
        ProbeBatch batch = new(ones(4, 6), ones(4), new long[4]);
        TrainedParameters parameters = new(Linear(6, 4));

        Assert.True(MemoryProbe.Reads(new Reading(parameters, how: empties => empties), batch));
        Assert.False(MemoryProbe.Reads(new Reading(parameters, how: empties => empties.zero_() / 0), batch)); // NaN, surely.
    }

    // In whatever way it is noticed first.
    [TorchTheory]
    [InlineData(GradientMethod.Automatic)]
    [InlineData(GradientMethod.Loop)]
    public void Create_ModuleThatReadsBeforeItWrites_IsRefused(GradientMethod method)
    {
        global::TorchSharp.Modules.Linear layer = Linear(6, 4);
        ZooModule zoo = new(
            new Made(
                x =>
                {
                    Tensor[] read = [.. Enumerable.Range(0, 40).Select(_ => empty(64))];
                    return layer.call(x) * (1 + stack(read).isnan().sum().to(float32));
                },
                layer),
            [6]);
        using TorchExamples examples = Models.Examples(21, zoo.Shape, ZooModule.Classes);

        Assert.Throws<ModuleRefusedException>(
            () => Models.Trainer(zoo.Module, examples, new TorchOptions { Method = method }));
    }

    private sealed class Reading(TrainedParameters parameters, Func<Tensor, Tensor> how) : IExampleGradients
    {
        public ExampleGradients Compute(Tensor inputs, Tensor targets, long[] seeds)
        {
            Tensor[] read = [.. Enumerable.Range(0, 40).Select(_ => empty(64))];
            return new ExampleGradients([], [new FormedGradient(parameters.Slots[0], how(stack(read)))]);
        }
    }
}
