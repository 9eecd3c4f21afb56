using Research.Privacy.Mechanisms;
using Research.TorchSharp;
using Research.TorchSharp.Gradients;
using Research.TorchSharp.Native;
using Research.Training;
using Research.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Research.Benchmarks;

/// <summary>A step of TorchSharp's own SGD, or of private training, on the models of <see cref="Workloads"/>.</summary>
internal sealed class TorchWorkload : IDisposable
{
    private readonly SpecModule _module;
    private readonly TorchExamples _examples;
    private readonly optim.Optimizer _optimizer;
    private readonly PrivateTrainer? _trainer;
    private readonly StepSum? _sum;
    private readonly TorchRelease? _release;
    private readonly GradientWriter? _writer;
    private readonly List<int> _chosen = [];
    private readonly long[] _sums = [];
    private readonly float[] _noisy = [];

    /// <summary>Makes the model and its records.</summary>
    /// <param name="model">mlp or cnn.</param>
    /// <param name="method">How private gradients are had; null trains without privacy.</param>
    /// <param name="options">Threads and batch.</param>
    public TorchWorkload(string model, GradientMethod? method, QuickOptions options)
    {
        Libtorch.Load(olderLibstdcxx: true);
        set_num_threads(options.Threads);
        ModelSpec spec = Workloads.Spec(model, method is not null, options.Batch);
        Dataset data = Workloads.RandomData(method is null ? options.Batch : options.Batch * 4, spec.Model.Input);
        _module = SpecModule.From(spec);
        _examples = TorchExamples.From(data);
        _optimizer = _module.NewOptimizer();
        if (method is not { } how)
        {
            return;
        }

        _trainer = _module.MakePrivate(data, options: new TorchOptions { Method = how });
        int weights = _trainer.Training.Parameters.Length;
        _release = new TorchRelease(_trainer.Plan, new CryptographicRandom(), weights);
        _sum = new StepSum(_trainer.Training, _release);
        _writer = new GradientWriter(_trainer.Training.Parameters, _trainer.Plan.BatchSize);
        _sums = new long[weights];
        _noisy = new float[weights];
    }

    /// <summary>Makes a step; gets how many examples it read.</summary>
    public int Step() => _trainer is null ? Plain() : Private(_trainer.Training);

    /// <inheritdoc/>
    public void Dispose()
    {
        _sum?.Dispose();
        _writer?.Dispose();
        _trainer?.Dispose();
        _optimizer.Dispose();
        _examples.Dispose();
        _module.Dispose();
    }

    private int Plain()
    {
        using DisposeScope scope = NewDisposeScope();
        _optimizer.zero_grad();
        _module.Losses(_examples.Inputs, _examples.Targets).mean().backward();
        _optimizer.step();
        return _examples.Count;
    }

    private int Private(PrivateTraining training)
    {
        _release!.Sample(_examples.Count, _chosen);
        _sum!.Add(_chosen, seed: 1, _sums);
        _release.AddNoise(_sums, _noisy);
        Array.Clear(_sums);
        _release.Sum.AdvanceNoise();
        _writer!.Write(_noisy);
        training.Optimizer.step();
        return _chosen.Count;
    }
}
