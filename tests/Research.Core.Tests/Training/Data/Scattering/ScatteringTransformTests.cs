using Research.Training;
using Research.Training.Data;
using Research.Training.Data.Scattering;

namespace Research.Tests.Training.Data.Scattering;

public sealed class ScatteringTransformTests
{
    private static readonly int[] SmallShape = [1, 12, 8];

    public static TheoryData<int> Cases => new(Enumerable.Range(0, ScatteringCase.Count));

    // Oracle: the definition with full transforms in double (numpy). Single precision leaves 1e-6 of the largest.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Apply_FixtureImage_MatchesTheDefinition(int index)
    {
        ScatteringCase image = ScatteringCase.Load(index);

        Dataset features = ScatteringTransform.For(image.Features, image.Shape).Apply(image.Data);

        Assert.Equal(image.OutputShape, features.Shape);
        Compare(image.Expected, features.Inputs.Span, image.Every, relative: 1e-4, absolute: 1e-6);
    }

    // Oracle: torch's group_norm of those.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Apply_GroupNormalization_MatchesTorch(int index)
    {
        ScatteringCase image = ScatteringCase.Load(index);
        ScatteringFeatures plan = image.Features with { Normalization = new GroupNormalization(image.Groups) };

        Dataset features = ScatteringTransform.For(plan, image.Shape).Apply(image.Data);

        Compare(image.Normalized, features.Inputs.Span, image.Every, relative: 1e-4, absolute: 1e-5);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Apply_FixtureImage_HasTheBitsOfTheScalarTwin(int index)
    {
        ScatteringCase image = ScatteringCase.Load(index);

        Dataset features = ScatteringTransform.For(image.Features, image.Shape).Apply(image.Data);

        float[] scalar = ScalarScattering.Of(image.Image, image.Features, image.Shape[1], image.Shape[2]);
        Assert.Equal(scalar, features.Inputs.ToArray());
    }

    [Fact]
    public void Apply_MoreThreadsAndOtherNeighbours_SameBits()
    {
        Dataset images = Random(37, SmallShape, seed: 3);
        ScatteringFeatures plan = new(2, 3, new GroupNormalization(4));
        ScatteringTransform transform = ScatteringTransform.For(plan, SmallShape);

        Dataset one = transform.Apply(images, threads: 1);
        Dataset three = transform.Apply(images, threads: 3);
        Dataset alone = transform.Apply(images.Select([36, 5]));

        Assert.Equal(one.Inputs.ToArray(), three.Inputs.ToArray());
        Assert.Equal(one.Select([36, 5]).Inputs.ToArray(), alone.Inputs.ToArray());
        Assert.Equal(images.Labels.ToArray(), one.Labels.ToArray());
    }

    [Fact]
    public void Apply_ConstantImage_IsOnlyItsMean()
    {
        float[] image = new float[28 * 28];
        Array.Fill(image, 0.75f);

        Dataset features = ScatteringTransform.For(new ScatteringFeatures(), [1, 28, 28])
            .Apply(new Dataset(image, new int[1], [1, 28, 28], 1));

        // φ sums to π/3.1415 by Kymatio's constant.
        Assert.All(features.Inputs[..49].ToArray(), value => Assert.Equal(0.75 * Math.PI / 3.1415, value, 1e-6));
        Assert.All(features.Inputs[49..].ToArray(), value => Assert.Equal(0, value, 1e-6));
    }

    // A wavelet transform with these filters nearly keeps the energy (Bruna and Mallat 2013, section 2.2): each
    // coefficient stands for 16 pixels. Two orders of noise keep most of it, and can hardly add any.
    [Fact]
    public void Apply_Noise_KeepsMostOfItsEnergyAndAddsNone()
    {
        Dataset images = Random(16, [1, 64, 64], seed: 4);
        float[] centred = [.. images.Inputs.ToArray().Select(pixel => pixel - 0.5f)];

        Dataset features = ScatteringTransform.For(new ScatteringFeatures(), images.Shape)
            .Apply(new Dataset(centred, images.Labels, images.Shape, images.Classes));

        double kept = 16 * Energy(features.Inputs.Span) / Energy(centred);
        Assert.InRange(kept, 0.4, 1.05);
    }

    [Fact]
    public void Apply_ImageMovedByAPixel_ChangesFarLessThanThePixels()
    {
        Dataset image = Random(1, [1, 33, 32], seed: 5);
        Dataset upper = new(image.Inputs[..1024], new int[1], [1, 32, 32], 1);
        Dataset lower = new(image.Inputs[32..], new int[1], [1, 32, 32], 1);
        ScatteringTransform transform = ScatteringTransform.For(new ScatteringFeatures(3), upper.Shape);

        double pixels = Distance(upper.Inputs.Span, lower.Inputs.Span);
        double features = Distance(transform.Apply(upper).Inputs.Span, transform.Apply(lower).Inputs.Span);

        Assert.True(features < pixels / 3, $"pixels change by {pixels}, features by {features}");
    }

    [Fact]
    public void Apply_Progress_ComesOnceABlockAndEndsAtOne()
    {
        List<double> seen = [];
        ScatteringTransform.For(new ScatteringFeatures(1, 1), SmallShape)
            .Apply(Random(40, SmallShape, seed: 6), threads: 2, progress: new Listener(seen.Add));

        Assert.Equal([1 / 3.0, 2 / 3.0, 1], seen);
    }

    [Fact]
    public void Apply_Cancelled_StopsAndThrows()
    {
        using CancellationTokenSource source = new();
        List<double> seen = [];
        Listener progress = new(done =>
        {
            seen.Add(done);
            source.Cancel();
        });

        Assert.Throws<OperationCanceledException>(() =>
            ScatteringTransform.For(new ScatteringFeatures(1, 1), SmallShape)
                .Apply(Random(64, SmallShape, seed: 7), progress: progress, cancellationToken: source.Token));
        Assert.Single(seen);
    }

    [Fact]
    public void Apply_ImagesOfAnotherShape_NamesBoth()
    {
        ScatteringTransform transform = ScatteringTransform.For(new ScatteringFeatures(1, 1), SmallShape);

        SpecException e = Assert.Throws<SpecException>(() => transform.Apply(Random(1, [1, 8, 12], seed: 8)));

        Assert.Equal("$.model.input: expected images of shape [1, 12, 8], got [1, 8, 12].", e.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => transform.Apply(Random(1, SmallShape, seed: 8), threads: 0));
    }

    [Fact]
    public void Transform_BufferOfAnotherLength_IsRefused()
    {
        ScatteringTransform transform = ScatteringTransform.For(new ScatteringFeatures(1, 1), SmallShape);

        ArgumentException e = Assert.Throws<ArgumentException>(
            () => transform.Transform(new float[2 * 96], new float[95], threads: 1));

        Assert.Contains("Expected [N, 96] pixels and [N, 48] features; got 192 and 95 numbers.", e.Message);
    }

    private static void Compare(
        double[] expected, ReadOnlySpan<float> actual, int every, double relative, double absolute)
    {
        Assert.Equal((actual.Length + every - 1) / every, expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i * every], (relative * Math.Abs(expected[i])) + absolute);
        }
    }

    private static Dataset Random(int count, int[] shape, int seed)
    {
        Random random = new(seed);
        int size = shape[1] * shape[2];
        float[] pixels = [.. Enumerable.Range(0, count * size).Select(_ => random.NextSingle())];
        return new Dataset(pixels, Enumerable.Range(0, count).Select(i => i % 3).ToArray(), shape, 3);
    }

    private static double Energy(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return sum;
    }

    private static double Distance(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        float[] difference = first.ToArray();
        for (int i = 0; i < difference.Length; i++)
        {
            difference[i] -= second[i];
        }

        return Math.Sqrt(Energy(difference) / Energy(first));
    }
}
