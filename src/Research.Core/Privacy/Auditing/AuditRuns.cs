using Research.Privacy.Mechanisms;
using Research.Training;
using Research.Training.Data;
using Research.Training.Data.Scattering;

namespace Research.Privacy.Auditing;

/// <summary>The trainings of an audit, each with all canaries that fit, members by fresh coins.</summary>
internal sealed class AuditRuns
{
    private readonly ModelSpec _spec;
    private readonly Dataset _data;
    private readonly AuditOptions _options;
    private readonly PrivacySection _privacy;
    private readonly Canary[] _canaries;
    private readonly int _weights;
    private readonly int _layers;
    private readonly double[] _scores; // [runs, canaries]
    private readonly bool[] _members;  // [runs, canaries]
    private readonly RandomSource[] _random; // [runs]: forked in order, so that threads change nothing
    private readonly Lock _progress = new();
    private long _steps;

    public AuditRuns(ModelSpec spec, Dataset data, AuditOptions options)
    {
        _spec = spec;
        _options = options;
        _privacy = spec.Privacy!;
        Network network = Network.Create(spec);
        DataFit.Check(spec, network.Nodes, data); // Here, since what threads throw comes wrapped.
        _data = spec.Model.Features is { Normalization: not DataNormalization }
            ? network.Featured(data, options.Threads)
            : data;
        _canaries = CanaryLayout.Place(network, _privacy, Math.Min(options.MostCanaries, options.Trials));
        _weights = network.Weights.Length;
        _layers = CanaryLayout.Layers(network).Length;
        Count = (int)(((long)options.Trials + _canaries.Length - 1) / _canaries.Length);
        RandomSource source = options.Random ?? new CryptographicRandom();
        _random = [.. Enumerable.Range(0, Count).Select(_ => source.Fork("audit-run"))];
        _scores = new double[Count * _canaries.Length];
        _members = new bool[_scores.Length];
        Toss(source.Fork("audit-coins"));
    }

    /// <summary>Gets how many trainings there are.</summary>
    public int Count { get; }

    /// <summary>Runs them all.</summary>
    public AuditScores Train(CancellationToken cancellationToken)
    {
        int parallel = Math.Min(_options.Threads, Count);
        ParallelOptions workers = new() { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken };
        Parallel.For(0, Count, workers, run => Train(run, _options.Threads / parallel, cancellationToken));
        return new AuditScores(_scores, _members);
    }

    private void Train(int run, int threads, CancellationToken cancellationToken)
    {
        int from = run * _canaries.Length;
        Canary[] canaries = [.. _canaries.Select((canary, i) => canary with { IsMember = _members[from + i] })];
        CanaryProbe probe = new(canaries, _weights, _layers, _privacy.ClipNorm, (_, seen) => Score(seen, from));
        TrainerOptions options = new()
        {
            Random = _random[run],
            Threads = threads,
            Probe = probe,
            Release = _options.Release,
        };
        Trainer.Train(_spec, _data, options, cancellationToken);
    }

    private void Score(double[] seen, int from)
    {
        CanaryScore.Add(seen, _privacy.SampleRate, _privacy.NoiseMultiplier, _scores.AsSpan(from, seen.Length));
        if (_options.Progress is { } progress)
        {
            lock (_progress)
            {
                _steps++;
                progress.Report(_steps / ((double)Count * _spec.Training.Steps));
            }
        }
    }

    private void Toss(RandomSource coins)
    {
        Span<byte> bits = stackalloc byte[1024];
        for (int start = 0; start < _members.Length; start += bits.Length)
        {
            coins.Fill(bits);
            for (int i = 0; i < bits.Length && start + i < _members.Length; i++)
            {
                _members[start + i] = (bits[i] & 1) != 0;
            }
        }
    }
}
