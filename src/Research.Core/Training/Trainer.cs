using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Research.Privacy.Mechanisms;
using Research.Storage;
using Research.Tensors;
using Research.Training.Data;
using Research.Training.Data.Scattering;
using Research.Training.Optimizers;

namespace Research.Training;

/// <summary>Trains a model as its specification says, by DP-SGD when the specification has a privacy section.</summary>
/// <remarks>
/// Private training is Algorithm 1 of Abadi et al. 2016, arXiv:1607.00133v2: Poisson sampling, each example's gradient
/// clipped over all
/// parameters together, Gaussian noise on the sum, and division by the public batch size. Neighbouring relation: add or
/// remove one record. Each example adds whole numbers whose exact norm is at most the clip norm, so the sum is exact and
/// the bound holds for the machine's arithmetic: Privacy/PROOFS.md. A step allocates nothing.
/// </remarks>
public sealed class Trainer : IDisposable
{
    private const int MostThreads = 256;
    private const int MostValidationPoints = 20;
    private const int UpdateLength = 32 * GaussianNoise.PartBlock; // 16 KiB of each vector

    private readonly ModelSpec _spec;
    private readonly Dataset _data;
    private readonly TrainerOptions _options;
    private readonly Network _network;
    private readonly BatchPass _pass;
    private readonly OptimizerState _optimizer;
    private readonly WeightAverage? _average;
    private readonly float[] _gradient; // the sum, or, with privacy, the noisy one
    private readonly long[] _sums;      // the private sum, in grid steps
    private readonly List<int> _chosen = [];
    private readonly BatchStream? _batches;
    private readonly GradientRelease? _release;
    private readonly CanaryProbe? _probe;
    private readonly string _randomness = "none";
    private readonly Action<int> _updatePart;
    private Checkpoint _initial;
    private readonly List<LossPoint> _curve;
    private long _nonFiniteBefore;
    private ContentHash? _dataHash;
    private int _step;
    private float _learningRate;
    private float _scale;

    private Trainer(ModelSpec spec, Dataset data, TrainerOptions options, Network network)
    {
        _spec = spec;
        _data = data;
        _options = options;
        _network = network;
        _pass = new BatchPass(network, options.Threads, training: true);
        OptimizerState optimizer = spec.Optimizer.Start(network.Weights.Length);
        _optimizer = options.Optimizer?.Invoke(optimizer) ?? optimizer;
        _gradient = new float[network.Weights.Length];
        _sums = new long[spec.Privacy is null ? 0 : _gradient.Length];
        _updatePart = UpdatePart;
        _curve = new List<LossPoint>(Math.Min(spec.Training.Steps, 1 << 16));
        if (spec.Training.AverageDecay is { } decay)
        {
            _average = new WeightAverage(network.Weights, decay);
        }

        if (spec.Privacy is { } privacy)
        {
            RandomSource random = options.Random ?? new CryptographicRandom();
            int weights = _gradient.Length;
            _release = options.Release?.Invoke(spec, random, weights) ?? new GradientRelease(spec, random, weights);
            _probe = options.Probe;
            _randomness = TrainingState.NameOf(random);
            _chosen.EnsureCapacity(LargestLikelyBatch(privacy.SampleRate, data.Count));
        }
        else
        {
            _batches = new BatchStream(data.Count, options.Seed);
            _chosen.EnsureCapacity(spec.Training.BatchSize);
        }

        _initial = network.ToCheckpoint();
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
    /// <exception cref="ArgumentException">The data are empty, an option is out of range, or the state to resume is of
    /// another run.</exception>
    /// <exception cref="OperationCanceledException">Training was stopped; the state was handed to
    /// <see cref="TrainerOptions.SaveState"/> before.</exception>
    public static TrainingRun Train(
        ModelSpec spec, Dataset data, TrainerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new TrainerOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Threads, MostThreads, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.ValidationInterval, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.SaveInterval, nameof(options));
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

        if (spec.Privacy is not null)
        {
            _ = data.Identity; // Now, for who owns the memory may use it anew after the run.
        }

        (data, options) = Featured(network, data, options, cancellationToken);
        using Trainer trainer = new(spec, data, options, network);
        if (options.Resume is { } state)
        {
            trainer.Restore(state);
        }

        return trainer.Run(began, cancellationToken);
    }

    // Read only where states are made or resumed: it takes a pass over the data.
    private ContentHash DataHash => _dataHash ??= TrainingState.HashOf(_data);

    /// <inheritdoc/>
    public void Dispose() => _pass.Dispose();

    // Features are computed once. Where they are normalised by the data, the trainer makes the statistics itself, so
    // that their cost is never forgotten, and a resumed run takes those that its state holds.
    private static (Dataset Data, TrainerOptions Options) Featured(
        Network network, Dataset data, TrainerOptions options, CancellationToken cancellationToken)
    {
        if (network.Spec.Model.Features is not { } features)
        {
            return (data, options);
        }

        if (features.Normalization is DataNormalization)
        {
            if (DataFit.AreFeatures(network.Spec, data))
            {
                throw new ArgumentException(
                    "Expected images, since their features are to be normalised by the data; got features.",
                    nameof(data));
            }

            data = Fitted(network, features, data, options, cancellationToken);
        }
        else
        {
            data = network.Featured(data, options.Threads, cancellationToken);
        }

        return options.Validation is { } validation
            ? (data, options with { Validation = network.Featured(validation, options.Threads, cancellationToken) })
            : (data, options);
    }

    private static Dataset Fitted(
        Network network,
        ScatteringFeatures features,
        Dataset data,
        TrainerOptions options,
        CancellationToken cancellationToken)
    {
        if (options.Resume is not { } state)
        {
            Dataset fitted = network.Transform.Fit(
                data,
                out ChannelStatistics? statistics,
                options.Random?.Fork("feature-statistics"), // Of its own: a resumed run does not draw it again.
                options.Threads,
                null,
                cancellationToken);
            network.FeatureStatistics = statistics;
            return fitted;
        }

        float[] mean = new float[features.Channels];
        float[] variance = new float[features.Channels];
        state.CopyTo("features.mean", mean);
        state.CopyTo("features.variance", variance);
        network.FeatureStatistics = network.StatisticsOf(mean, variance);
        return network.Featured(data, options.Threads, cancellationToken);
    }

    private TrainingRun Run(long began, CancellationToken cancellationToken)
    {
        int steps = _spec.Training.Steps;
        int interval = ValidationInterval();
        int saved = _step;
        while (_step < steps)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                if (_options.SaveState is { } last && saved < _step)
                {
                    last(Save());
                }

                cancellationToken.ThrowIfCancellationRequested();
            }

            _step++;
            double loss = Step();
            bool validate = _options.Validation is not null && (_step % interval == 0 || _step == steps);
            _curve.Add(new LossPoint(
                _step,
                _chosen.Count == 0 ? null : loss / _chosen.Count,
                _chosen.Count,
                validate ? Validate() : null));
            _options.Progress?.Report(new TrainingProgress(_curve[^1], steps, Stopwatch.GetElapsedTime(began)));
            if (_options.SaveState is { } save && _options.SaveInterval > 0 && _step % _options.SaveInterval == 0)
            {
                save(Save());
                saved = _step;
            }
        }

        TakeAverage();
        return new TrainingRun
        {
            Spec = _spec,
            Network = _network,
            Initial = _initial,
            Final = _network.ToCheckpoint(),
            LossCurve = _curve,
            Privacy = _spec.Privacy is null ? null : _spec.PrivacyEvents[^1],
            Receipt = _release?.Sum.Receipt(() => _data.Identity),
            IsNoiseCryptographic = _release?.Sum.IsNoiseSecret ?? false,
            NonFiniteGradients = _nonFiniteBefore + _pass.NonFiniteGradients,
            Elapsed = Stopwatch.GetElapsedTime(began),
        };
    }

    private double Step()
    {
        _batches?.Take(_spec.Training.BatchSize, _chosen);
        _release?.Sample(_data.Count + (_probe?.Members ?? 0), _chosen);
        Span<int> chosen = CollectionsMarshal.AsSpan(_chosen);
        double loss = _release is null
            ? _pass.AddGradients(_data, chosen, _gradient, _step)
            : AddClipped(_release.Clipping, chosen);
        _scale = _release?.Scale(_chosen.Count) ?? 1f / _spec.Training.BatchSize;
        _learningRate = (float)_spec.Optimizer.RateAt(_step, _spec.Training.Steps);
        _pass.Team.Run(_updatePart);
        _release?.Advance();
        _release?.Sum.EndStep();
        _probe?.EndStep(_step, _scale * (double)_spec.Training.BatchSize);
        return loss;
    }

    private double AddClipped(Clipping clipping, Span<int> chosen)
    {
        double loss = _pass.AddClipped(_data, _probe is null ? chosen : Records(chosen), clipping, _sums, _step);
        _probe?.AddTo(_sums, chosen, _data.Count, clipping, _step);
        return loss;
    }

    // Those chosen ascend, and canaries come after the records.
    private Span<int> Records(Span<int> chosen)
    {
        int canary = chosen.BinarySearch(_data.Count);
        return chosen[..(canary < 0 ? ~canary : canary)];
    }

    // Noise, the optimiser's step and the average go over each stretch of weights while it is in the cache.
    private void UpdatePart(int part)
    {
        (int start, int end) = Workers.Slice(_gradient.Length, part, _pass.Team.Count, GaussianNoise.PartBlock);
        for (int from = start; from < end; from += UpdateLength)
        {
            int to = Math.Min(from + UpdateLength, end);
            if (_release is not null)
            {
                Span<long> sums = _sums.AsSpan(from..to);
                _release.AddNoise(sums, _gradient.AsSpan(from..to), from);
                sums.Clear();
            }

            _probe?.See(_gradient.AsSpan(from..to), from);
            _optimizer.Step(_network.Weights, _gradient, _scale, _learningRate, _step, from, to);
            _average?.Step(_network.Weights, from, to);
            _gradient.AsSpan(from..to).Clear();
        }
    }

    // A Poisson batch exceeds its mean by twelve standard deviations never: the list does not grow.
    private static int LargestLikelyBatch(double sampleRate, int count)
    {
        double mean = sampleRate * count;
        return (int)Math.Min(count, mean + (12 * Math.Sqrt(mean)) + 32);
    }

    private Evaluation Validate()
    {
        if (_average is null)
        {
            return _network.Evaluate(_options.Validation!, _options.Threads);
        }

        float[] weights = _network.Weights.ToArray();
        TakeAverage();
        Evaluation evaluation = _network.Evaluate(_options.Validation!, _options.Threads);
        weights.CopyTo(_network.Weights);
        return evaluation;
    }

    private void TakeAverage() => _average?.Values.CopyTo(_network.Weights);

    private TrainingState Save()
    {
        Dictionary<string, float[]> tensors = new()
        {
            ["weights"] = _network.Weights.ToArray(),
            ["initial"] = _initial.Values[.._gradient.Length].ToArray(),
        };
        foreach ((string name, float[] values) in _optimizer.Slots)
        {
            tensors[$"optimizer.{name}"] = [.. values];
        }

        if (_network.FeatureStatistics is { } statistics)
        {
            tensors["features.mean"] = statistics.Mean.ToArray();
            tensors["features.variance"] = statistics.Variance.ToArray();
        }

        if (_average is not null)
        {
            tensors["average"] = [.. _average.Values];
        }

        return new TrainingState
        {
            SpecHash = _spec.Hash,
            Step = _step,
            Examples = _data.Count,
            DataHash = DataHash,
            Randomness = _randomness,
            LedgerHead = _options.LedgerHead,
            Seed = _options.Seed,
            SamplerPosition = _release?.Sum.SamplerPosition ?? 0,
            NoisePosition = _release?.Sum.NoisePosition ?? 0,
            NonFiniteGradients = _nonFiniteBefore + _pass.NonFiniteGradients,
            ValidationExamples = _options.Validation?.Count ?? 0,
            Curve = [.. _curve],
            Tensors = tensors,
        };
    }

    private void Restore(TrainingState state)
    {
        Expect(state.SpecHash == _spec.Hash, "specification", _spec.Hash, state.SpecHash);
        Expect(state.Examples == _data.Count, "number of training examples", _data.Count, state.Examples);
        Expect(state.DataHash == DataHash, "training data with hash", DataHash, state.DataHash);
        Expect(state.Seed == _options.Seed, "seed", _options.Seed, state.Seed);
        Expect(state.Randomness == _randomness, "randomness", _randomness, state.Randomness);
        Expect(
            state.Step <= _spec.Training.Steps, "at most so many steps made:", _spec.Training.Steps, state.Step);
        state.CopyTo("initial", _network.Weights);
        _initial = _network.ToCheckpoint();
        state.CopyTo("weights", _network.Weights);
        foreach ((string name, float[] values) in _optimizer.Slots)
        {
            state.CopyTo($"optimizer.{name}", values);
        }

        if (_average is not null)
        {
            state.CopyTo("average", _average.Values);
        }

        for (int i = 0; i < state.Step; i++)
        {
            _batches?.Take(_spec.Training.BatchSize, _chosen);
        }

        _release?.Sum.Resume(state.Step);
        if (_release?.Sum is { IsNoiseSecret: false } sum)
        {
            sum.SamplerPosition = state.SamplerPosition;
            sum.NoisePosition = state.NoisePosition;
        }

        _step = state.Step;
        _nonFiniteBefore = state.NonFiniteGradients;
        _curve.AddRange(state.Curve);
    }

    private static void Expect<T>(bool holds, string what, T expected, T actual)
    {
        if (!holds)
        {
            string text = string.Create(
                CultureInfo.InvariantCulture, $"The state to resume: expected {what} {expected}, got {actual}.");
            throw new ArgumentException(text);
        }
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
