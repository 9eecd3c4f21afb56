using System.Diagnostics;
using System.Runtime.InteropServices;
using Research.Privacy.Accounting;
using Research.Privacy.Mechanisms;
using Research.Privacy.Sampling;
using Research.Training.Data;
using Research.Training.Optimizers;

namespace Research.Training;

/// <summary>Trains a model as its specification says, by DP-SGD when the specification has a privacy section.</summary>
/// <remarks>
/// Private training is Algorithm 1 of Abadi et al. 2016, arXiv:1607.00133v2: Poisson sampling, each example's gradient
/// clipped over all
/// parameters together, Gaussian noise on the sum, and division by the public batch size. Neighbouring relation: add or
/// remove one record.
/// Sums are taken in single precision; the accounting does not model their rounding.
/// </remarks>
public sealed class Trainer : IDisposable
{
    private const int MostThreads = 256;
    private const int MostValidationPoints = 20;

    private readonly ModelSpec _spec;
    private readonly Dataset _data;
    private readonly TrainerOptions _options;
    private readonly Network _network;
    private readonly BatchPass _pass;
    private readonly OptimizerState _optimizer;
    private readonly float[] _gradient;
    private readonly List<int> _chosen = [];
    private readonly BatchStream? _batches;
    private readonly PoissonSampler? _sampler;
    private readonly GaussianNoise? _noise;
    private readonly bool _isCryptographic;

    private Trainer(ModelSpec spec, Dataset data, TrainerOptions options, Network network)
    {
        _spec = spec;
        _data = data;
        _options = options;
        _network = network;
        _pass = new BatchPass(network, options.Threads, training: true);
        _optimizer = spec.Optimizer.Start(network.Weights.Length);
        _gradient = new float[network.Weights.Length];
        if (spec.Privacy is null)
        {
            _batches = new BatchStream(data.Count, options.Seed);
            return;
        }

        RandomSource random = options.Random ?? new CryptographicRandom();
        _isCryptographic = random.IsCryptographic;
        _sampler = new PoissonSampler(random);
        _noise = new GaussianNoise(random);
    }

    /// <summary>
    /// Trains and returns the run. The data never leave this call, and no ledger is charged: nothing is released by
    /// training.
    /// </summary>
    /// <param name="spec">The specification.</param>
    /// <param name="data">The examples, at least one; shape and classes must fit the model.</param>
    /// <param name="options">Starting weights, randomness, threads, progress; null takes the defaults.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="SpecException">The specification is not valid, or the data do not fit it.</exception>
    /// <exception cref="ArgumentException">The data are empty, or an option is out of range.</exception>
    /// <exception cref="OperationCanceledException">Training was stopped.</exception>
    public static TrainingRun Train(
        ModelSpec spec, Dataset data, TrainerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new TrainerOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Threads, MostThreads, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.ValidationInterval, nameof(options));
        ArgumentOutOfRangeException.ThrowIfZero(data.Count, nameof(data));

        long began = Stopwatch.GetTimestamp();
        Network network = Network.Create(spec);
        DataFit.Check(spec, network.Nodes, data);
        if (options.Validation is { } validation)
        {
            ArgumentOutOfRangeException.ThrowIfZero(validation.Count, nameof(options));
            DataFit.Check(spec, network.Nodes, validation);
        }

        if (options.Initial is { } initial)
        {
            network.Load(initial);
        }

        using Trainer trainer = new(spec, data, options, network);
        return trainer.Run(began, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _pass.Dispose();

    private TrainingRun Run(long began, CancellationToken cancellationToken)
    {
        Checkpoint initial = _network.ToCheckpoint();
        int steps = _spec.Training.Steps;
        int interval = ValidationInterval();
        List<LossPoint> curve = new(Math.Min(steps, 1 << 16));
        for (int step = 1; step <= steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double loss = Step(step);
            bool validate = _options.Validation is not null && (step % interval == 0 || step == steps);
            curve.Add(new LossPoint(
                step,
                _chosen.Count == 0 ? null : loss / _chosen.Count,
                _chosen.Count,
                validate ? _network.Evaluate(_options.Validation!, _options.Threads) : null));
            _options.Progress?.Report(new TrainingProgress(curve[^1], steps, Stopwatch.GetElapsedTime(began)));
        }

        return new TrainingRun
        {
            Spec = _spec,
            Network = _network,
            Initial = initial,
            Final = _network.ToCheckpoint(),
            LossCurve = curve,
            Privacy = _spec.Privacy is { } privacy
                ? new PrivacyEvent(privacy.SampleRate, privacy.NoiseMultiplier, steps)
                : null,
            IsNoiseCryptographic = _isCryptographic,
            NonFiniteGradients = _pass.NonFiniteGradients,
            Elapsed = Stopwatch.GetElapsedTime(began),
        };
    }

    private double Step(int step)
    {
        Array.Clear(_gradient);
        _batches?.Take(_spec.Training.BatchSize, _chosen);
        _sampler?.Sample(_data.Count, _spec.Privacy!.SampleRate, _chosen);
        double loss = _pass.AddGradients(
            _data, CollectionsMarshal.AsSpan(_chosen), _spec.Privacy?.ClipNorm, _gradient);
        _noise?.Add(_gradient, _spec.Privacy!.NoiseMultiplier * _spec.Privacy.ClipNorm);
        float rate = (float)_spec.Optimizer.RateAt(step, _spec.Training.Steps);
        _optimizer.Step(
            _network.Weights, _gradient, 1f / _spec.Training.BatchSize, rate, step, 0, _gradient.Length);
        return loss;
    }

    private int ValidationInterval()
    {
        if (_options.Validation is null || _options.ValidationInterval > 0)
        {
            return _options.ValidationInterval;
        }

        double trained = _spec.Privacy is { } privacy ? privacy.SampleRate * _data.Count : _spec.Training.BatchSize;
        double affordable = _spec.Training.Steps * trained / _options.Validation.Count;
        double points = Math.Clamp(Math.Floor(affordable), 1, MostValidationPoints);
        return (int)Math.Ceiling(_spec.Training.Steps / points);
    }
}
