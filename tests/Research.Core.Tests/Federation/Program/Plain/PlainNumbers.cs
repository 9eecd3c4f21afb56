using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Research.Training;
using Research.Training.Aggregation;
using Research.Training.Optimizers;
using Research.Training.Specification;

namespace Research.Tests.Federation.Program.Plain;

/// <summary>The numbers that the text takes from a specification.</summary>
internal sealed class PlainNumbers
{
    private readonly Sgd _sgd;

    public PlainNumbers(ModelSpec spec, int round)
    {
        (Spec, Round) = (spec, round);
        _sgd = (Sgd)spec.Optimizer;
        PrivacySection privacy = spec.Privacy!;
        TaskSection task = spec.Task!;
        Shape = spec.Model.Features?.OutputShape(spec.Model.Input) ?? spec.Model.Input;
        D = Shapes.Size(Shape);
        Fraction = task.Evaluation.Fraction;
        R = task.Evaluation.Examples;
        Blocks = (R + 63) / 64;
        B = (R + Blocks - 1) / Blocks;
        T = spec.Training.Steps;
        K = task.Reward.References;

        double x = privacy.NoiseMultiplier * privacy.ClipNorm / spec.Training.BatchSize;
        double squares = 0;
        for (int i = 1; i <= T; i++)
        {
            double response = Response(i);
            squares += response * response;
        }

        double d = Math.Sqrt(x * x * squares * 65536 * 65536);
        E = 9 - Log2Floor(d);
        D16 = Math.ScaleB(d, E);

        double quota = privacy.SampleRate * task.Reward.Records;
        Share = Math.Min(1, quota / R);
        double step = privacy.ClipNorm * quota / spec.Training.BatchSize;
        Noisy = step / (Share * R);
        Silent = step / R;
        Loud = x;
        Significance = (long)Math.Floor((task.Reward.Significance * 1000) + 0.5);
        Unpaid = (long)Math.Floor(1.5 * D16 * 256);
        Above = (long)Math.Floor(0.5 * D16 * 256);
        (Buckets, Trim) = task.Aggregation switch
        {
            Median median => (median.Buckets, median.Buckets),
            TrimmedMean trimmed => (trimmed.Buckets, trimmed.Trim),
            _ => (1, 0),
        };
        byte[] seed = [.. Encoding.ASCII.GetBytes("research-scoring/1"), .. spec.Hash.ToArray(), 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(seed.AsSpan(^2), checked((ushort)round));
        Seed = SHA256.HashData(seed);
    }

    public ModelSpec Spec { get; }

    public int Round { get; }

    public IReadOnlyList<int> Shape { get; }

    public int D { get; }

    public int Fraction { get; }

    public int R { get; }

    public int Blocks { get; }

    public int B { get; }

    public int T { get; }

    public int K { get; }

    public int E { get; }

    public double D16 { get; }

    public double Share { get; }

    public double Noisy { get; }

    public double Silent { get; }

    public double Loud { get; }

    public long Significance { get; }

    public long Unpaid { get; }

    public long Above { get; }

    public int Buckets { get; }

    public int Trim { get; }

    public byte[] Seed { get; }

    /// <summary>Gets the bytes of a record: whole leaves.</summary>
    public int RecordBytes => ((2 * (D + 1)) + 127) / 128 * 128;

    public double Rate(int step) => _sgd.RateAt(step, T);

    public static int Log2Floor(double x) => Math.ILogB(x);

    public static long Places(double x, int places) => checked((long)Math.Floor((x * Math.ScaleB(1, places)) + 0.5));

    /// <summary>Gets the places of scaled(x).</summary>
    public static int Exponent(double x) => Math.Min(60, Math.Max(0, 29 - Log2Floor(x)));

    /// <summary>Gets k, by the number of weights.</summary>
    public static int LengthShift(long weights)
    {
        int k = 9;
        while (Int128.One << (2 * k) < (Int128)weights << 18)
        {
            k++;
        }

        return k;
    }

    public static double Least(double x)
    {
        double v = 2 / (9 * x);
        double r = 1 - v - (4.753424308822899 * Math.Sqrt(v));
        return r <= 0 ? 0 : x * r * r * r * 0.995;
    }

    // What a gradient of 1 at step i alone makes of a weight.
    private double Response(int i)
    {
        double w = 0;
        double v = 0;
        double a = 0;
        double y = Spec.Training.AverageDecay ?? 0;
        for (int step = 1; step <= T; step++)
        {
            if (step < i)
            {
                continue; // All are still 0.
            }

            double g = (step == i ? 1 : 0) + (_sgd.WeightDecay * w);
            v = (_sgd.Momentum * v) + g;
            w -= Rate(step) * (_sgd.Nesterov ? g + (_sgd.Momentum * v) : v);
            a = (y * a) + ((1 - y) * w);
        }

        return Spec.Training.AverageDecay is null ? w : a;
    }
}
