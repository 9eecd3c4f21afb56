using System.Numerics;

namespace Research.Training;

/// <summary>Puts canaries among a trainer's records, and sees of each step what the trainer releases.</summary>
/// <remarks>
/// Canaries that are members are sampled with the records, clipped by the trainer's own rule, summed and hidden as they
/// are; only their gradients are made here. What is seen is what an adversary sees who knows all other records: the
/// noisy sum less the records' part of it. Poisson sampling is amplified by the canary's own coin alone, so knowing
/// which of the others were sampled takes nothing from the guarantee.
/// Signs alternate from step to step: fresh noise does not care, and noise that is used again cancels.
/// </remarks>
internal sealed class CanaryProbe
{
    private readonly float[] _spikes;    // [canaries]
    private readonly int[] _starts;      // [canaries + 1]: where a canary's coordinates begin
    private readonly int[] _coordinates;
    private readonly int[] _members;
    private readonly int _layers;
    private readonly double _clipNorm;
    private readonly Action<int, double[]> _seen;
    private readonly double[] _known;    // [canaries]: what the records' gradients add to each projection, in steps
    private readonly double[] _observed; // [canaries]: projections, in clip norms
    private readonly float[] _released;  // [weights]
    private double _bound = 1;           // the clip norm in grid steps

    /// <summary>Creates a probe for one run.</summary>
    /// <param name="canaries">The canaries, members and others.</param>
    /// <param name="weights">Number of weights of the model.</param>
    /// <param name="layers">Number of its layers that have weights.</param>
    /// <param name="clipNorm">The clip norm, the unit of what is seen.</param>
    /// <param name="seen">
    /// Takes, after each step from 1, what the release holds along each canary's gradient: 1 and noise where it
    /// joined, noise elsewhere. The array is used again.
    /// </param>
    public CanaryProbe(
        IReadOnlyList<Canary> canaries, int weights, int layers, double clipNorm, Action<int, double[]> seen)
    {
        _spikes = [.. canaries.Select(canary => canary.Spike)];
        _coordinates = [.. canaries.SelectMany(canary => canary.Coordinates)];
        _starts = new int[canaries.Count + 1];
        for (int i = 0; i < canaries.Count; i++)
        {
            _starts[i + 1] = _starts[i] + canaries[i].Coordinates.Length;
        }

        _members = [.. Enumerable.Range(0, canaries.Count).Where(i => canaries[i].IsMember)];
        _layers = layers;
        _clipNorm = clipNorm;
        _seen = seen;
        _known = new double[canaries.Count];
        _observed = new double[canaries.Count];
        _released = new float[weights];
    }

    /// <summary>Gets how many canaries are in the data; they come after the records.</summary>
    public int Members => _members.Length;

    /// <summary>Adds the clipped gradients of the canaries that joined.</summary>
    /// <param name="sums">The sum of the records' gradients, in grid steps.</param>
    /// <param name="joined">Who joined the step, ascending: records and canaries.</param>
    /// <param name="records">Number of records.</param>
    /// <param name="clipping">The trainer's rule.</param>
    /// <param name="step">The step, from 1.</param>
    public void AddTo(long[] sums, ReadOnlySpan<int> joined, int records, Clipping clipping, int step)
    {
        Project<long>(sums, step, _known);
        _bound = clipping.Grid.Bound;
        foreach (int who in joined)
        {
            if (who < records)
            {
                continue;
            }

            int canary = _members[who - records];
            float spike = _spikes[canary];
            ReadOnlySpan<int> struck = _coordinates.AsSpan(_starts[canary].._starts[canary + 1]);
            double square = (double)spike * spike;
            double share = Sign(step) * (double)spike * clipping.Factor(square * struck.Length, square, _layers);
            foreach (int at in struck)
            {
                sums[at] += (long)share;
            }
        }
    }

    /// <summary>Sees one part of the noisy sum; parts at the same time.</summary>
    public void See(ReadOnlySpan<float> noisy, int offset) => noisy.CopyTo(_released.AsSpan(offset));

    /// <summary>Hands on what was seen.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="gain">What the noisy sum is multiplied by, over what it should be: 1 in a right trainer.</param>
    public void EndStep(int step, double gain)
    {
        Project<float>(_released, step, _observed);
        for (int i = 0; i < _observed.Length; i++)
        {
            _observed[i] = (_observed[i] * gain / _clipNorm) - (_known[i] / _bound);
        }

        _seen(step, _observed);
    }

    private static float Sign(int step) => step % 2 == 0 ? 1 : -1;

    // The length along the unit vector of each canary's gradient.
    private void Project<T>(ReadOnlySpan<T> vector, int step, Span<double> lengths)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < lengths.Length; i++)
        {
            double sum = 0;
            for (int at = _starts[i]; at < _starts[i + 1]; at++)
            {
                sum += double.CreateChecked(vector[_coordinates[at]]);
            }

            int count = _starts[i + 1] - _starts[i];
            sum = count == 1 ? sum : sum / Math.Sqrt(count);
            lengths[i] = Sign(step) * _spikes[i] < 0 ? -sum : sum;
        }
    }
}
