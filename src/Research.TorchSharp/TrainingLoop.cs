using System.Buffers.Binary;
using System.Diagnostics;
using Research.Privacy.Mechanisms;
using Research.TorchSharp.Gradients;
using Research.TorchSharp.Probing;
using Research.Training;
using Research.Training.Optimizers;
using TorchSharp.Modules;
using static TorchSharp.torch.optim;

namespace Research.TorchSharp;

/// <summary>The steps of one private run.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly PrivateTraining _training;
    private readonly PrivatePlan _plan;
    private readonly TorchOptions _options;
    private readonly TrainedParameters _parameters;
    private readonly TorchRelease _release;
    private readonly RandomSource _moduleRandom;
    private readonly string _randomness;
    private readonly StepSum _stepSum;
    private readonly GradientWriter _writer;
    private readonly long[] _sums;
    private readonly float[] _noisy;
    private readonly double[] _rates; // of the optimiser's groups, before any schedule
    private readonly List<int> _chosen = [];
    private readonly List<LossPoint> _curve = [];
    private readonly WeightAverage? _average;
    private float[] _initial;
    private long _nonFiniteBefore;
    private int _step;

    public TrainingLoop(PrivateTraining training)
    {
        _training = training;
        _plan = training.Plan;
        _options = training.Options;
        _parameters = training.Parameters;
        RandomSource random = _options.Random ?? new CryptographicRandom();
        _release = _options.Release?.Invoke(_plan, random, _parameters.Length)
            ?? new TorchRelease(_plan, random, _parameters.Length);
        _moduleRandom = random.Fork("torch-module");
        _randomness = TrainingState.NameOf(random);
        _stepSum = new StepSum(training, _release);
        _writer = new GradientWriter(_parameters, _plan.BatchSize);
        foreach (Parameter frozen in training.Module.parameters().Where(one => !one.requires_grad))
        {
            frozen.grad = null; // Optimisers follow a gradient that is left over, of records that nobody clipped.
        }

        _sums = new long[_parameters.Length];
        _noisy = new float[_parameters.Length];
        _rates = [.. training.Optimizer.ParamGroups.Select(group => group.LearningRate)];
        _initial = _parameters.Values();
        _average = _options.AverageDecay is { } decay ? new WeightAverage(_initial, decay) : null;
    }

    /// <summary>Makes all steps.</summary>
    public TorchRun Run(CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        _ = _training.Examples.Identity;
        if (_options.Resume is { } state)
        {
            Restore(state);
        }

        ModuleProbe.SetToTrain(_training.Module);
        int saved = _step;
        while (_step < _plan.Steps)
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
            _curve.Add(new LossPoint(
                _step, _chosen.Count == 0 ? null : loss / _chosen.Count, _chosen.Count, Validate()));
            _options.Progress?.Report(
                new TrainingProgress(_curve[^1], _plan.Steps, Stopwatch.GetElapsedTime(began)));
            if (_options.SaveState is { } save && _options.SaveInterval > 0 && _step % _options.SaveInterval == 0)
            {
                save(Save());
                saved = _step;
            }
        }

        return new TorchRun(_training, _average?.Values ?? _parameters.Values(), _initial)
        {
            LossCurve = _curve,
            Receipt = _release.Sum.Receipt(() => _training.Examples.Identity),
            NonFiniteGradients = _nonFiniteBefore + _stepSum.NonFiniteGradients,
            Elapsed = Stopwatch.GetElapsedTime(began),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stepSum.Dispose();
        _writer.Dispose();
    }

    private double Step()
    {
        _release.Sample(_training.Examples.Count, _chosen);
        double loss = _stepSum.Add(_chosen, NextSeed(), _sums);
        _release.AddNoise(_sums, _noisy);
        Array.Clear(_sums);
        _release.Sum.AdvanceNoise();
        _release.Sum.EndStep();
        _options.Seen?.Invoke(_step, _noisy);
        MoveWeights();
        return loss;
    }

    private void MoveWeights()
    {
        int group = 0;
        foreach (ILearningRateController controller in _training.Optimizer.ParamGroups)
        {
            double rate = _rates[group++];
            controller.LearningRate = _options.Schedule?.Rate(rate, _step, _plan.Steps) ?? controller.LearningRate;
        }

        _writer.Write(_noisy);
        _training.Optimizer.step();
        _options.Scheduler?.step();
        if (_average is { } average)
        {
            average.Step(_parameters.Values(), 0, _parameters.Length);
        }
    }

    // Independent of records and noise: for each seed, what a record draws follows from the record (PROOFS.md).
    private long NextSeed()
    {
        Span<byte> seed = stackalloc byte[sizeof(long)];
        _moduleRandom.Fill(seed);
        return BinaryPrimitives.ReadInt64LittleEndian(seed);
    }

    private Evaluation? Validate()
    {
        if (_options.Validation is not { } data
            || (_step != _plan.Steps
                && (_options.ValidationInterval == 0 || _step % _options.ValidationInterval != 0)))
        {
            return null;
        }

        using KeptState state = new(_training.Module);
        if (_average is { } average)
        {
            _parameters.Set(average.Values);
        }

        Evaluation evaluation = data.Evaluate(_training.Module, _training.Losses, _options.Hits);
        state.Restore();
        return evaluation;
    }

    private TorchState Save() => new()
    {
        Step = _step,
        Run = RunIdentity.Of(_plan, _parameters, _training.Examples),
        Randomness = _randomness,
        SamplerPosition = _release.Sum.SamplerPosition,
        NoisePosition = _release.Sum.NoisePosition,
        NonFiniteGradients = _nonFiniteBefore + _stepSum.NonFiniteGradients,
        Initial = _initial,
        Weights = _parameters.Exact(),
        Average = _average is null ? [] : [.. _average.Values],
        Optimizer = OptimizerMemory.Save(_training.Optimizer),
        Curve = [.. _curve],
    };

    private void Restore(TorchState state)
    {
        if (state.Run != RunIdentity.Of(_plan, _parameters, _training.Examples))
        {
            throw new ArgumentException(
                "The state to resume: expected one of the same plan, parameters and records; got another run's.");
        }

        if (state.Randomness != _randomness)
        {
            throw new ArgumentException(
                $"The state to resume: expected randomness '{_randomness}', got '{state.Randomness}'.");
        }

        if (state.Average.Length != (_average is null ? 0 : _parameters.Length) || state.Step > _plan.Steps)
        {
            throw new ArgumentException("The state to resume: expected one of the same options; got another's.");
        }

        _initial = state.Initial;
        _parameters.Set(state.Weights);
        state.Average.CopyTo(_average?.Values ?? []);
        for (_step = 0; _step < state.Step; _step++)
        {
            _options.Scheduler?.step();
            _ = NextSeed(); // A seeded source goes on where it was; of a secret one it does not matter.
        }

        OptimizerMemory.Load(_training.Optimizer, state.Optimizer); // Last: it holds the rate that a scheduler left.

        _release.Sum.Resume(state.Step);
        if (!_release.Sum.IsNoiseSecret)
        {
            _release.Sum.SamplerPosition = state.SamplerPosition;
            _release.Sum.NoisePosition = state.NoisePosition;
        }

        _nonFiniteBefore = state.NonFiniteGradients;
        _curve.AddRange(state.Curve);
    }
}
