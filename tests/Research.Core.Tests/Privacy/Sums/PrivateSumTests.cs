using System.Reflection;
using Research.Privacy.Accounting;
using Research.Privacy.Mechanisms;
using Research.Privacy.Sums;

namespace Research.Tests.Privacy.Sums;

public sealed class PrivateSumTests
{
    private const int Length = 300;

    [Fact]
    public void Add_AnyGradient_MovesTheReleaseByAtMostTheClipNorm()
    {
        const double ClipNorm = 0.3;
        Random random = new(3);
        float[] nothing = Release(ClipNorm, 1e-6, []);
        for (int i = 0; i < 200; i++)
        {
            float[] gradient = Adversarial(random, Length);

            float[] moved = Release(ClipNorm, 1e-6, gradient);

            // Same seed, same noise: what is left is the record's part, rounded to float with the noise (2⁻²⁴ of 0.3).
            double squared = moved.Zip(nothing, (a, b) => (double)a - b).Sum(d => d * d);
            Assert.InRange(Math.Sqrt(squared), 0, ClipNorm * (1 + 3e-6));
        }
    }

    [Fact]
    public void Release_OfZeros_IsNoiseOfTheStatedDeviation()
    {
        float[] noisy = new float[100_000];
        PrivateSum sum = new(new GaussianEvent(1, 2.5, 1), 4, noisy.Length, People(3), Seed());
        Assert.Equal([0, 1, 2], sum.Draw());

        sum.Release(noisy);

        Assert.InRange(Math.Sqrt(noisy.Average(x => (double)x * x)), 9.9, 10.1);
    }

    [Fact]
    public void Add_RecordNotDrawnOrAddedBefore_IsRefused()
    {
        PrivateSum sum = new(new GaussianEvent(1, 1, 2), 1, 2, People(2), Seed());
        Assert.Throws<ArgumentException>(() => sum.Add(0, new float[2])); // before any draw
        sum.Draw();
        Assert.True(sum.Add(1, [1, 2]));

        Assert.Throws<ArgumentException>(() => sum.Add(1, new float[2]));
        Assert.Throws<ArgumentException>(() => sum.Add(2, new float[2]));
        Assert.Throws<ArgumentException>(() => sum.Add(-1, new float[2]));
        Assert.Throws<ArgumentException>(() => sum.Add(0, new float[3]));
        Assert.False(sum.Add(0, [float.NaN, 1]));
    }

    [Fact]
    public void Steps_OutOfOrderOrBeyondThePlan_AreRefused()
    {
        PrivateSum sum = new(new GaussianEvent(0.5, 1, 1), 1, 2, People(2), Seed());
        Assert.Throws<InvalidOperationException>(() => sum.Release(new float[2]));
        sum.Draw();
        Assert.Throws<InvalidOperationException>(() => sum.Draw());
        Assert.Throws<ArgumentException>(() => sum.Release(new float[3]));
        sum.Release(new float[2]);

        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => sum.Draw());

        Assert.Contains("1 steps", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Receipt_OfARun_SaysPlanStepsDataAndNoise()
    {
        GaussianEvent plan = new(0.5, 1, 3);
        DataIdentity people = People(4);
        PrivateSum sum = new(plan, 1, 2, people, Seed());
        Assert.Throws<InvalidOperationException>(() => sum.Receipt()); // no noise, no receipt
        sum.Draw();
        Assert.Throws<InvalidOperationException>(() => sum.Receipt());
        sum.Release(new float[2]);

        PrivacyReceipt receipt = sum.Receipt();

        Assert.Equal([plan], receipt.Plan);
        Assert.Equal(1, receipt.StepsDone);
        Assert.Same(people, receipt.Data);
        Assert.False(receipt.IsNoiseSecret);
        Assert.True(new PrivateSum(plan, 1, 2, people).IsNoiseSecret);
    }

    [Fact]
    public void Receipt_IsMadeByNothingElse()
    {
        Assert.Empty(typeof(PrivacyReceipt).GetConstructors());
        string[] makers = [.. typeof(PrivacyReceipt).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(
                BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.DeclaringType!.IsVisible && method.ReturnType == typeof(PrivacyReceipt))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")
            .Where(name => !name.Contains("get_", StringComparison.Ordinal))];

        Assert.Equal(["PrivateSum.Receipt"], makers);
    }

    [Fact]
    public void Sums_OfAnyOrder_AreTheSameBits()
    {
        float[][] gradients = [.. Enumerable.Range(0, 50).Select(i => Adversarial(new Random(i), Length))];
        float[] forth = new float[Length];
        float[] back = new float[Length];
        foreach ((float[] noisy, IEnumerable<int> order) in
            ((float[], IEnumerable<int>)[])[(forth, Enumerable.Range(0, 50)), (back, Enumerable.Range(0, 50).Reverse())])
        {
            PrivateSum sum = new(new GaussianEvent(1, 1, 1), 1, Length, People(50), Seed());
            sum.Draw();
            foreach (int i in order)
            {
                sum.Add(i, gradients[i]);
            }

            sum.Release(noisy);
        }

        Assert.Equal(forth, back);
    }

    [Theory]
    [InlineData(0.0, "noiseMultiplier")]
    [InlineData(1e9, "noiseMultiplier")]
    public void PrivateSum_BadMultiplier_IsRefusedByName(double multiplier, string name)
    {
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(
            () => new PrivateSum(new GaussianEvent(1, multiplier, 1), 1, 2, People(1)));

        Assert.Equal(name, refused.ParamName, ignoreCase: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(1e40)]
    public void PrivateSum_BadClipNorm_IsRefusedByName(double clipNorm)
    {
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(
            () => new PrivateSum(new GaussianEvent(1, 1, 1), clipNorm, 2, People(1)));

        Assert.Equal("clipNorm", refused.ParamName);
    }

    /// <summary>Any floats: every scale, spikes, cancelling pairs, denormals, values that are none.</summary>
    internal static float[] Adversarial(Random random, int length)
    {
        float[] values = new float[length];
        int kind = random.Next(8);
        float size = (float)Math.Pow(10, (random.NextDouble() * 76) - 38);
        for (int i = 0; i < length; i++)
        {
            values[i] = kind switch
            {
                0 => random.NextSingle(),
                1 => (i % 2 == 0 ? 1 : -1) * size,
                2 => (random.NextSingle() - 0.5f) * size,
                3 => i == length / 2 ? size : 0,
                4 => (float)Math.Pow(10, (random.NextDouble() * 76) - 38) * (random.Next(2) == 0 ? 1 : -1),
                5 => float.Epsilon * random.Next(5),
                6 => random.Next(10) == 0 ? (random.Next(2) == 0 ? float.NaN : float.NegativeInfinity) : size,
                _ => MathF.BitIncrement(1) * MathF.Pow(2, random.Next(-3, 3)),
            };
        }

        return values;
    }

    private static float[] Release(double clipNorm, double multiplier, float[] gradient)
    {
        PrivateSum sum = new(new GaussianEvent(1, multiplier, 1), clipNorm, Length, People(1), Seed());
        sum.Draw();
        if (gradient.Length > 0)
        {
            sum.Add(0, gradient);
        }

        float[] noisy = new float[Length];
        sum.Release(noisy);
        return noisy;
    }

    private static DataIdentity People(int count) =>
        DataIdentity.Of([.. Enumerable.Range(0, count).Select(i => (float)i)], 1);

    private static InsecureSeededRandom Seed() => new(5, "private-sum");
}
