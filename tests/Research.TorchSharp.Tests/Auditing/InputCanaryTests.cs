using Research.Privacy.Accounting;
using Research.Privacy.Auditing;
using Research.Privacy.Mechanisms;
using Research.TorchSharp.Gradients;
using TorchSharp;
using TorchSharp.Modules;
using Xunit.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Tests.Auditing;

/// <summary>
/// Attacks a TorchSharp run with canaries in input space: records of one token each, which nobody else has, so that
/// their gradients lie in rows of their own and every one is a trial. The attacker sees each noisy sum.
/// </summary>
public sealed class InputCanaryTests(ITestOutputHelper output)
{
    private const int Canaries = 20_000;
    private const int Size = 2;
    private const int Runs = 3;
    private const double Delta = 1e-5;
    private const double Risk = 0.05 / 2;

    private static readonly PrivatePlan Plan = new()
    {
        SampleRate = 0.5,
        Steps = 4,
        NoiseMultiplier = 1.5,
        ClipNorm = 0.005,
        BatchSize = 100,
        Delta = Delta,
    };

    [TorchFact]
    public void Run_RightTrainer_IsCloseBelowItsEpsilon()
    {
        double audited = Audit(release: null);

        output.WriteLine($"claimed {Plan.Epsilon:F4}, audited {audited:F4}");
        Assert.InRange(audited, 0.7 * Plan.Epsilon, Plan.Epsilon);
    }

    [TorchTheory]
    [InlineData("no clipping")]
    [InlineData("half the noise")]
    [InlineData("a layer left out")]
    public void Run_MutantTrainer_IsRefuted(string name)
    {
        double audited = Audit((plan, random, weights) => name switch
        {
            "no clipping" => new WithoutClipping(plan, random, weights),
            "half the noise" => new HalfTheNoise(plan, random, weights),
            _ => new WithoutALayer(plan, random, weights),
        });

        output.WriteLine($"{name}: claimed {Plan.Epsilon:F4}, audited {audited:F4}");
        Assert.True(audited > Plan.Epsilon);
    }

    private static double Audit(Func<PrivatePlan, RandomSource, int, TorchRelease>? release)
    {
        double[] scores = new double[Runs * Canaries];
        bool[] members = new bool[scores.Length];
        Random coins = new(5);
        for (int i = 0; i < members.Length; i++)
        {
            members[i] = coins.Next(2) == 1;
        }

        for (int run = 0; run < Runs; run++)
        {
            Train((ulong)run, release, members[(run * Canaries)..][..Canaries]).CopyTo(scores, run * Canaries);
        }

        AuditScores all = new(scores, members);
        GaussianEvent plan = Plan.Event;
        MembershipRates rates = all.Measure(Risk, some => some.GaussianMu()).Rates(Risk);
        MembershipRates point = all.Measure(Risk, some => some.Epsilon(Delta)).Rates(Risk);
        return Math.Max(PlanBound.Epsilon(plan, rates, Delta, CancellationToken.None), point.Epsilon(Delta));
    }

    private static double[] Train(
        ulong seed, Func<PrivatePlan, RandomSource, int, TorchRelease>? release, bool[] members)
    {
        manual_seed((long)seed);
        using TwoTables module = new();
        long[] tokens = [.. Enumerable.Range(0, Canaries).Where(i => members[i]).Select(i => (long)i)];
        using TorchExamples examples =
            TorchExamples.Of(tensor(tokens).unsqueeze(1), zeros(tokens.Length, dtype: int64));
        double[] scores = new double[Canaries];
        float[] directions = Directions(module);
        TorchOptions options = new()
        {
            Random = new InsecureSeededRandom(seed, "audit"),
            MicroBatch = 512,
            Release = release,
            Seen = (_, noisy) => Score(noisy, directions, scores),
        };
        PrivateTrainer trainer = PrivacyEngine.MakePrivate(
            module,
            optim.SGD(module.Tables, 0), // The attacker knows the weights, and they stay.
            examples,
            (x, y) => Models.CrossEntropy(module.call(x), y),
            Plan,
            options);
        Assert.Null(trainer.LoopReason);
        trainer.Run();
        return scores;
    }

    // Where each canary's gradient lies: its row in both tables, of length 1. Every one is longer than the clip norm.
    private static float[] Directions(TwoTables module)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor all = arange(Canaries, dtype: int64).unsqueeze(1);
        Tensor loss = Models.CrossEntropy(module.call(all), zeros(Canaries, dtype: int64)).sum();
        IList<Tensor> gradients = autograd.grad([loss], module.Tables.Select(table => (Tensor)table).ToArray());
        Tensor both = cat([gradients[0], gradients[1]], 1);
        Tensor norm = both.norm(1, keepdim: true);
        Assert.True(norm.min().item<float>() > 3 * Plan.ClipNorm);
        return (both / norm).data<float>().ToArray();
    }

    private static void Score(float[] noisy, float[] directions, double[] scores)
    {
        double[] seen = new double[Canaries];
        for (int i = 0; i < Canaries; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                seen[i] += noisy[(i * Size) + j] * directions[2 * i * Size + j];
                seen[i] += noisy[((Canaries + i) * Size) + j] * directions[(((2 * i) + 1) * Size) + j];
            }

            seen[i] /= Plan.ClipNorm;
        }

        CanaryScore.Add(seen, Plan.SampleRate, Plan.NoiseMultiplier, scores);
    }

    private sealed class WithoutClipping(PrivatePlan plan, RandomSource random, int weights)
        : TorchRelease(plan, random, weights)
    {
        public override Training.Clipping Clipping => base.Clipping with { Norm = 2 * base.Clipping.Norm };
    }

    private sealed class HalfTheNoise(PrivatePlan plan, RandomSource random, int weights)
        : TorchRelease(plan, random, weights)
    {
        public override void AddNoise(ReadOnlySpan<long> sums, Span<float> noisy)
        {
            base.AddNoise(sums, noisy);
            for (int i = 0; i < noisy.Length; i++)
            {
                noisy[i] = (float)((noisy[i] + (sums[i] / Sum.Grid.StepsPerUnit)) / 2);
            }
        }
    }

    private sealed class WithoutALayer(PrivatePlan plan, RandomSource random, int weights)
        : TorchRelease(plan, random, weights)
    {
        public override bool Counts(int layer) => layer != 1;
    }

    private sealed class TwoTables : Module<Tensor, Tensor>
    {
        private readonly Embedding _first = Embedding(Canaries, Size);
        private readonly Embedding _second = Embedding(Canaries, Size);
        private readonly Tensor _head = tensor(new float[] { 3, -2, -3, 2, 1, 4 }).reshape(Size, 3);

        public TwoTables()
            : base(nameof(TwoTables)) => RegisterComponents();

        public IReadOnlyList<global::TorchSharp.Modules.Parameter> Tables => [_first.weight!, _second.weight!];

        public override Tensor forward(Tensor input) =>
            ((_first.call(input) + (2 * _second.call(input))).sum([1L]) * 0.01f).matmul(_head);
    }
}
