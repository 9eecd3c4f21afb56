using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>The law of one step's privacy loss, moved onto a lattice of step h from above and from below.</summary>
/// <remarks>
/// P and Q are the outputs with and without the record (or the reverse), ℓ = ln dP/dQ. <see cref="Above"/> splits the
/// mass at ℓ
/// between the two neighbouring points so that its P-mass and its Q-mass stay: merging the two gives back the original,
/// which is therefore a post-processing of the lattice's pair. It is the "connect the dots" estimate of Doroshenko,
/// Ghazi,
/// Kamath, Kumar and Manurangsi 2022, arXiv:2207.04380v1. <see cref="Below"/> merges each cell, then gives to each
/// point what
/// moves its mean of e^(−ℓ) exactly there; what cannot be balanced goes down. PROOFS.md has the argument.
/// </remarks>
internal sealed class LossLattice
{
    /// <summary>Rounding of a loss, relative to the largest.</summary>
    public const double LossRounding = 4e-15;

    /// <summary>Rounding of a loss, in steps of the lattice.</summary>
    public const double PlaceRounding = 1e-11;

    private readonly double _grow; // e^h − 1
    private readonly double _here; // e^φ − 1, φ the phase
    private readonly double _next; // e^(h+φ) − 1
    private readonly double _rounding;
    private readonly double[] _surplus; // Per cell: Σ mass·(e^(m−ℓ) − 1), m first its centre, then its point below.

    /// <param name="step">h, above 0.</param>
    /// <param name="least">No loss lies below.</param>
    /// <param name="greatest">No loss lies above.</param>
    /// <param name="typical">A loss that shall be the centre of a cell: where the mass is, if it is in one
    /// place.</param>
    public LossLattice(double step, double least, double greatest, double typical)
    {
        Step = step;
        Phase = typical - (Math.Round(typical / step) * step);
        _grow = DoubleExpM1.Of(step);
        _here = DoubleExpM1.Of(Phase);
        _next = DoubleExpM1.Of(step + Phase);
        _rounding = (LossRounding * Math.Max(Math.Abs(least), greatest)) + (PlaceRounding * step);
        First = (int)Math.Floor(least / step) - 2;
        int cells = (int)Math.Floor(greatest / step) + 4 - First;
        Above = new double[cells];
        Below = new double[cells];
        _surplus = new double[cells];
    }

    /// <summary>Gets h.</summary>
    public double Step { get; }

    /// <summary>Gets where the centres of the cells lie off the multiples of h; in [−h/2, h/2].</summary>
    public double Phase { get; }

    /// <summary>Gets where the points of <see cref="Below"/> lie off the multiples of h.</summary>
    public double Offset { get; private set; }

    /// <summary>Gets the index of the first point.</summary>
    public int First { get; }

    /// <summary>Gets P's masses at (First + i)·h, an upper bound of the loss.</summary>
    public double[] Above { get; }

    /// <summary>Gets P's masses at (First + i)·h + Offset, a lower bound of the loss.</summary>
    public double[] Below { get; }

    /// <summary>Adds mass at a loss between two points.</summary>
    /// <param name="mass">P's mass.</param>
    /// <param name="loss">In [left, left + 1]·h.</param>
    /// <param name="left">Index of the point before.</param>
    /// <param name="nearest">Index of the cell below that takes it: left or left + 1.</param>
    public void Add(double mass, double loss, int left, int nearest)
    {
        double fall = DoubleExpM1.Of((left * Step) - loss); // e^(−d) − 1, d the distance from the point before.
        double share = Math.Clamp(1 + ((1 + (1 / _grow)) * fall), 0, 1); // (e^(h−d) − 1)/(e^h − 1)
        int i = left - First;
        Above[i] += mass * share;
        Above[i + 1] += mass * (1 - share);
        double centre = nearest == left ? _here : _next;
        Below[nearest - First] += mass;
        _surplus[nearest - First] += mass * (centre + ((1 + centre) * fall));
    }

    /// <summary>Ends the building: moves the cells' means onto the points of <see cref="Below"/>.</summary>
    /// <remarks>The offset is the heaviest cell's, which then needs nothing from its neighbours.</remarks>
    public void Balance()
    {
        int heaviest = 0;
        for (int i = 1; i < Below.Length; i++)
        {
            heaviest = Below[i] > Below[heaviest] ? i : heaviest;
        }

        double toMean = -DoubleLog1P.Of(_surplus[heaviest] / Below[heaviest]);
        double shift = DoubleExpM1.Of(toMean);
        Offset = Phase + toMean;
        for (int i = 0; i < Below.Length; i++)
        {
            _surplus[i] = (shift * Below[i]) + ((1 + shift) * _surplus[i]);
            if (Math.Abs(_surplus[i]) <= _rounding * Below[i])
            {
                _surplus[i] = 0; // On its point but for rounding, which is charged to ε.
            }
        }

        _surplus[heaviest] = 0;
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
                Lower(i);
            }
        }
    }

    /// <summary>The cell's mean lies below its point: it takes a share of the next cell, or joins the one
    /// before.</summary>
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
            // Above that point now: the second sweep balances it against what lies below.
            _surplus[i - 1] += ((Below[i] + _surplus[i]) * (1 - down)) - Below[i];
            Below[i - 1] += Below[i];
            Below[i] = 0;
        }

        _surplus[i] = 0;
    }

    /// <summary>The cell's mean lies above its point: it takes a share of the cell before, then falls.</summary>
    private void Lower(int i)
    {
        double room = (Below[i - 1] * _grow) + (_surplus[i - 1] * (1 + _grow));
        double share = Math.Min(-_surplus[i] / room, 1);
        if (room > 0)
        {
            Below[i] += share * Below[i - 1];
            Below[i - 1] *= 1 - share;
            _surplus[i - 1] *= 1 - share;
        }

        _surplus[i] = 0;
    }
}
