using Research.Privacy.Mechanisms;
using Research.Tensors;

namespace Research.Benchmarks;

/// <summary>Noise on the MLP's gradient, a part a thread, as a training step adds it.</summary>
internal sealed class NoiseWorkload : IDisposable
{
    /// <summary>Numbers in the gradient: the parameters of 784-256-128-10.</summary>
    public const int Count = 235_146;

    private readonly float[] _gradient = new float[Count];
    private readonly GaussianNoise _noise = new(new CryptographicRandom());
    private readonly NoiseGrid _grid = GaussianNoise.Grid(1, 1, Count);
    private readonly WorkerTeam _team;
    private readonly Action<int> _addPart;

    public NoiseWorkload(int threads)
    {
        _team = new WorkerTeam(threads);
        _addPart = AddPart;
    }

    public void Run()
    {
        _team.Run(_addPart);
        _noise.Advance(Count);
    }

    /// <inheritdoc/>
    public void Dispose() => _team.Dispose();

    private void AddPart(int part)
    {
        (int start, int end) = Workers.Slice(Count, part, _team.Count, GaussianNoise.PartBlock);
        _noise.AddPart(_gradient.AsSpan(start..end), start, _grid);
    }
}
