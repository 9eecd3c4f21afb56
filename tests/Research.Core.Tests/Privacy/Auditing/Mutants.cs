using Research.Privacy.Mechanisms;
using Research.Training;

namespace Research.Tests.Privacy.Auditing;

/// <summary>A trainer that draws half the noise it should.</summary>
internal sealed class HalfNoise(ModelSpec spec, RandomSource random, int weights) : GradientRelease(
    spec with { Privacy = spec.Privacy! with { NoiseMultiplier = spec.Privacy.NoiseMultiplier / 2 } },
    random,
    weights);

/// <summary>A trainer that clips nothing.</summary>
internal sealed class NoClipping(ModelSpec spec, RandomSource random, int weights)
    : GradientRelease(spec, random, weights)
{
    public override Research.Training.Clipping Clipping => base.Clipping with { Norm = 1e29 };
}

/// <summary>A trainer that clips each layer to the norm that is meant for all together.</summary>
internal sealed class LayersApart(ModelSpec spec, RandomSource random, int weights)
    : GradientRelease(spec, random, weights)
{
    // Clipping by layers takes the norm over √L for each.
    public override Research.Training.Clipping Clipping => base.Clipping with
    {
        Mode = ClippingMode.PerLayer,
        Norm = base.Clipping.Norm * Math.Sqrt(Spec.Model.Layers.OfType<Research.Training.Layers.Linear>().Count()),
    };
}

/// <summary>A trainer that adds the same noise at every step.</summary>
internal sealed class ReusedNoise(ModelSpec spec, RandomSource random, int weights)
    : GradientRelease(spec, random, weights)
{
    public override void Advance()
    {
    }
}

/// <summary>A trainer that divides by how many joined.</summary>
internal sealed class TrueMean(ModelSpec spec, RandomSource random, int weights)
    : GradientRelease(spec, random, weights)
{
    public override float Scale(int joined) => 1f / Math.Max(1, joined);
}

/// <summary>A trainer that goes through shuffled records batch by batch.</summary>
internal sealed class ShuffledBatches(ModelSpec spec, RandomSource random, int weights)
    : GradientRelease(spec, random, weights)
{
    private readonly SeededGenerator _generator = new(7);
    private int[] _order = [];
    private int _next;

    public override void Sample(int count, List<int> chosen)
    {
        if (_next >= _order.Length)
        {
            _order = [.. Enumerable.Range(0, count)];
            _generator.Shuffle(_order);
            _next = 0;
        }

        int size = Math.Min(Spec.Training.BatchSize, _order.Length - _next);
        chosen.Clear();
        chosen.AddRange(_order.AsSpan(_next, size));
        chosen.Sort();
        _next += size;
    }
}
