using Research.Privacy.Accounting;
using Research.Privacy.Clipping;
using Research.Privacy.Mechanisms;
using Research.Privacy.Sampling;

namespace Research.Privacy.Sums;

/// <summary>
/// The private step of DP-SGD for any trainer: who joins, the exact sum of their clipped gradients, and the noise.
/// </summary>
/// <remarks>
/// <para>
/// Algorithm 1 of Abadi et al. 2016, arXiv:1607.00133v2, for the machine's arithmetic: each record adds whole numbers of
/// a grid whose exact L2 norm is at most the clip norm, the sum is of integers, and the noise's deviation is at least
/// the noise multiplier times that bound, nothing being rounded in between. So whatever the gradients are, huge,
/// cancelling or not finite, the plan's ε holds. Neighbours: add or remove one record. Proof: Privacy/PROOFS.md,
/// "Sums of integers".
/// </para>
/// <para>
/// A step is <see cref="Draw"/>, an <see cref="Add"/> for each record drawn, and <see cref="Release"/>. What the caller
/// answers for: a gradient depends on released values and on that record alone (no batch statistics), and
/// everything that leaves is computed from what <see cref="Release"/> gave. Not safe for concurrent use.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// PrivateSum sum = new(new GaussianEvent(sampleRate, noiseMultiplier, steps), clipNorm, weights.Length, data.Identity);
/// for (int step = 0; step &lt; steps; step++)
/// {
///     foreach (int record in sum.Draw()) sum.Add(record, GradientOf(record, weights));
///     sum.Release(noisy);
///     // weights −= rate / batchSize · noisy
/// }
/// PrivacyReceipt receipt = sum.Receipt();
/// </code>
/// </example>
public sealed class PrivateSum
{
    private readonly IReadOnlyList<PrivacyEvent> _plan;
    private readonly GaussianEvent _event;
    private readonly Func<DataIdentity>? _data;
    private readonly double _clipNorm;
    private readonly PoissonSampler _sampler;
    private readonly GaussianNoise _noise;
    private readonly long[] _sums;
    private readonly int _records;
    private readonly List<int> _waiting = []; // drawn in this step and not yet added, ascending
    private bool _isDrawn;

    /// <summary>Starts the sums of a run.</summary>
    /// <param name="plan">Sampling rate, noise multiplier in [2⁻²⁰, 2¹⁴] and steps.</param>
    /// <param name="clipNorm">C, the largest L2 norm of a record's gradient; in [2⁻¹⁰⁰, 2¹⁰⁰].</param>
    /// <param name="length">Length of a gradient, 1 or more.</param>
    /// <param name="data">The records that the run is given: what its receipt is for.</param>
    /// <param name="random">Randomness of sampling and noise; null for a cryptographic generator. A seeded one makes
    /// the run repeatable and not private, and its receipt says so.</param>
    /// <exception cref="ArgumentException">A value lies outside its range, or there are no records.</exception>
    public PrivateSum(
        GaussianEvent plan, double clipNorm, int length, DataIdentity data, RandomSource? random = null)
        : this(
            [plan ?? throw new ArgumentNullException(nameof(plan))],
            clipNorm,
            length,
            random ?? new CryptographicRandom())
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfZero(data.Count, nameof(data));
        _data = () => data;
        _records = data.Count;
        _sums = new long[length];
    }

    /// <summary>Starts the sums of an engine that clips and adds for itself.</summary>
    /// <param name="plan">All events of the run, the sums' own last.</param>
    /// <param name="clipNorm">C.</param>
    /// <param name="length">Length of a gradient.</param>
    /// <param name="random">Randomness.</param>
    internal PrivateSum(IReadOnlyList<PrivacyEvent> plan, double clipNorm, int length, RandomSource random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        L2Clipping.CheckBound(clipNorm);
        _plan = plan;
        _event = (GaussianEvent)plan[^1];
        _clipNorm = clipNorm;
        Length = length;
        Grid = new SumGrid(_event.NoiseMultiplier, clipNorm);
        IsNoiseSecret = random.IsCryptographic;
        _sampler = new PoissonSampler(random);
        _noise = new GaussianNoise(random);
        _sums = [];
    }

    /// <summary>Gets the length of a gradient.</summary>
    public int Length { get; }

    /// <summary>Gets how many steps were released.</summary>
    public int StepsDone { get; private set; }

    /// <summary>Gets whether sampling and noise are secret; without that nothing is private.</summary>
    public bool IsNoiseSecret { get; }

    /// <summary>Gets the lattice of the sums.</summary>
    internal SumGrid Grid { get; }

    /// <summary>Gets or sets the state of seeded sampling.</summary>
    internal ulong SamplerPosition
    {
        get => _sampler.Position;
        set => _sampler.Position = value;
    }

    /// <summary>Gets or sets the state of seeded noise.</summary>
    internal ulong NoisePosition
    {
        get => _noise.Position;
        set => _noise.Position = value;
    }

    /// <summary>Begins a step: each record joins by a coin of its own.</summary>
    /// <returns>The records that join, ascending; often none of few. Not public: keep it local.</returns>
    /// <exception cref="InvalidOperationException">The step before was not released, or the plan has no more steps.
    /// </exception>
    public IReadOnlyList<int> Draw()
    {
        if (_isDrawn)
        {
            throw new InvalidOperationException("Expected Release before the next Draw.");
        }

        if (StepsDone == _event.Steps)
        {
            throw new InvalidOperationException($"The plan has {_event.Steps} steps, and all were released.");
        }

        _isDrawn = true;
        Sample(_records, _event.SampleRate, _waiting);
        return [.. _waiting];
    }

    /// <summary>Clips one record's gradient and adds it.</summary>
    /// <param name="record">A record of this step's <see cref="Draw"/>, not added yet.</param>
    /// <param name="gradient">Any floats; one that holds NaN or infinity counts as zeros.</param>
    /// <returns>Whether all were finite.</returns>
    /// <exception cref="ArgumentException">The record was not drawn or was added before, or the length is wrong.
    /// </exception>
    public bool Add(int record, ReadOnlySpan<float> gradient)
    {
        if (gradient.Length != Length)
        {
            throw new ArgumentException(
                $"Expected a gradient of {Length} numbers; got {gradient.Length}.", nameof(gradient));
        }

        int at = _waiting.BinarySearch(record);
        if (at < 0)
        {
            throw new ArgumentException(
                $"Expected a record that was drawn for this step and not added yet; got {record}.", nameof(record));
        }

        _waiting.RemoveAt(at);
        double squaredNorm = L2Clipping.SquaredNorm(gradient);
        float factor = L2Clipping.RoundDown(L2Clipping.Factor(squaredNorm, _clipNorm) * Grid.StepsPerUnit);
        for (int i = 0; i < gradient.Length && factor > 0; i++)
        {
            _sums[i] += (long)(gradient[i] * factor); // Toward zero: that never raises a norm.
        }

        return double.IsFinite(squaredNorm);
    }

    /// <summary>Ends a step: gives the sum with its noise.</summary>
    /// <param name="noisySum">Receives the noisy sum, in units of the gradient.</param>
    /// <remarks>Records drawn and not added count as zeros.</remarks>
    /// <exception cref="InvalidOperationException">No step was begun.</exception>
    /// <exception cref="ArgumentException">The length is wrong.</exception>
    public void Release(Span<float> noisySum)
    {
        if (!_isDrawn)
        {
            throw new InvalidOperationException("Expected Draw before Release.");
        }

        if (noisySum.Length != Length)
        {
            throw new ArgumentException(
                $"Expected room for {Length} numbers; got {noisySum.Length}.", nameof(noisySum));
        }

        AddNoise(_sums, noisySum, 0);
        _sums.AsSpan().Clear();
        _waiting.Clear();
        _isDrawn = false;
        AdvanceNoise();
        EndStep();
    }

    /// <summary>Gets what a ledger charges for the run so far: the whole plan.</summary>
    /// <exception cref="InvalidOperationException">No step was released.</exception>
    public PrivacyReceipt Receipt() => Receipt(_data!);

    /// <summary>Gets what a ledger charges for the run of an engine.</summary>
    /// <param name="data">The records that the engine was given, identified when somebody asks.</param>
    internal PrivacyReceipt Receipt(Func<DataIdentity> data) => StepsDone > 0
        ? new PrivacyReceipt(_plan, StepsDone, data, IsNoiseSecret)
        : throw new InvalidOperationException("Expected a step at least: without noise there is no receipt.");

    /// <summary>Chooses who joins.</summary>
    internal void Sample(int count, double rate, List<int> chosen) => _sampler.Sample(count, rate, chosen);

    /// <summary>Adds noise to one part of a sum in grid steps; parts at the same time.</summary>
    internal void AddNoise(ReadOnlySpan<long> sums, Span<float> noisy, int offset) =>
        _noise.AddPart(sums, noisy, offset, Grid);

    /// <summary>Moves on to the next step's noise.</summary>
    internal void AdvanceNoise() => _noise.Advance(Length);

    /// <summary>Counts a step whose parts all have their noise.</summary>
    internal void EndStep() => StepsDone++;

    /// <summary>Takes up a run that was stopped after so many steps.</summary>
    internal void Resume(int steps) => StepsDone = steps;
}
