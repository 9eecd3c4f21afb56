using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>The law of one step's privacy loss, moved onto the multiples of a step h from above and from below.</summary>
/// <remarks>
/// P and Q are the outputs with and without the record (or the reverse), ℓ = ln dP/dQ. <see cref="Above"/> splits the mass at ℓ
/// between the two neighbouring points so that its P-mass and its Q-mass stay: merging the two gives back the original,
/// which is therefore a post-processing of the lattice's pair. It is the "connect the dots" estimate of Doroshenko, Ghazi,
/// Kamath, Kumar and Manurangsi 2022, arXiv:2207.04380v1. <see cref="Below"/> merges each cell, then gives to each point what
/// moves its mean of e^(−ℓ) exactly there; what cannot be balanced goes down. PROOFS.md has the argument.
/// </remarks>
internal sealed class LossLattice
{
    private readonly double[] _surplus; // Per cell: Σ mass·(e^(m−ℓ) − 1), m the cell's point below.

    /// <param name="step">h, above 0.</param>
    /// <param name="least">No loss lies below.</param>
    /// <param name="greatest">No loss lies above.</param>
    /// <param name="offset">Where in its cell a point of <see cref="Below"/> lies: ½ or 0.</param>
    public LossLattice(double step, double least, double greatest, double offset)
    {
        Step = step;
        Offset = offset;
        First = (int)Math.Floor(least / step) - 1;
        int cells = (int)Math.Floor(greatest / step) + 3 - First;
        Above = new double[cells];
        Below = new double[cells];
        _surplus = new double[cells];
    }

    /// <summary>Gets h.</summary>
    public double Step { get; }

    /// <summary>Gets the place of the points of <see cref="Below"/> in their cells, as a part of h.</summary>
    public double Offset { get; }

    /// <summary>Gets the index of the first cell.</summary>
    public int First { get; }

    /// <summary>Gets P's masses at (First + i)·h, an upper bound of the loss.</summary>
    public double[] Above { get; }

    /// <summary>Gets P's masses at (First + i + Offset)·h, a lower bound of the loss.</summary>
    public double[] Below { get; }

    /// <summary>Adds mass at a loss in the given cell, [cell, cell + 1]·h.</summary>
    public void Add(double mass, double loss, int cell)
    {
        int i = cell - First;
        double share = DoubleExpM1.Of(Math.Max(((cell + 1) * Step) - loss, 0)) / DoubleExpM1.Of(Step);
        share = Math.Min(share, 1);
        Above[i] += mass * share;
        Above[i + 1] += mass * (1 - share);
        Below[i] += mass;
        _surplus[i] += mass * DoubleExpM1.Of(((cell + Offset) * Step) - loss);
    }

    /// <summary>Ends the building: moves the cells' means onto the points of <see cref="Below"/>.</summary>
    public void Balance()
    {
        double up = DoubleExpM1.Of(Step);
        double down = -DoubleExpM1.Of(-Step);
        for (int i = 0; i < Below.Length; i++)
        {
            if (_surplus[i] > 0)
            {
                Lift(i, down);
            }
        }

        for (int i = Below.Length - 1; i > 0; i--)
        {
            if (_surplus[i] < 0)
            {
                Lower(i, up);
            }
        }
    }

    /// <summary>The cell's mean lies below its point: it takes a share of the next cell, or falls to the point before.
    /// </summary>
    private void Lift(int i, double down)
    {
        double room = i + 1 < Below.Length ? (Below[i + 1] * down) - (_surplus[i + 1] * (1 - down)) : 0;
        double share = _surplus[i] / room;
        if (room > 0 && share <= 1)
        {
            Below[i] += share * Below[i + 1];
            Below[i + 1] *= 1 - share;
            _surplus[i + 1] *= 1 - share;
        }
        else if (i > 0)
        {
            Below[i - 1] += Below[i];
            Below[i] = 0;
            _surplus[i - 1] = Math.Min(_surplus[i - 1], 0); // Already on its point or above it.
        }

        _surplus[i] = 0;
    }

    /// <summary>The cell's mean lies above its point: it takes a share of the cell before; without, it falls.</summary>
    private void Lower(int i, double up)
    {
        double room = (Below[i - 1] * up) + (_surplus[i - 1] * (1 + up));
        double share = -_surplus[i] / room;
        if (room > 0 && share <= 1)
        {
            Below[i] += share * Below[i - 1];
            Below[i - 1] *= 1 - share;
            _surplus[i - 1] *= 1 - share;
        }

        _surplus[i] = 0;
    }
}
