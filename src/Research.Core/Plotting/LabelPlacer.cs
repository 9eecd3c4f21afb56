namespace Research.Plotting;

/// <summary>Finds room for labels: none touches another, and each avoids the data where it can.</summary>
/// <param name="area">Where labels may stand.</param>
internal sealed class LabelPlacer(Box area)
{
    private readonly List<Box> _taken = [];
    private readonly List<(double X, double Y)> _data = [];

    /// <summary>Marks a stretch of drawn line, so that labels keep off it.</summary>
    public void Avoid(double x1, double y1, double x2, double y2)
    {
        int pieces = Math.Max(1, (int)(Math.Max(Math.Abs(x2 - x1), Math.Abs(y2 - y1)) / 5));
        for (int i = 0; i <= pieces; i++)
        {
            _data.Add((x1 + ((x2 - x1) * i / pieces), y1 + ((y2 - y1) * i / pieces)));
        }
    }

    /// <summary>Takes the candidate over the least data among those that touch no label, or gives null.</summary>
    public int? Place(ReadOnlySpan<Box> candidates)
    {
        int? best = null;
        int fewest = int.MaxValue;
        for (int i = 0; i < candidates.Length; i++)
        {
            Box box = candidates[i];
            if (!area.Holds(box) || _taken.Exists(box.Overlaps))
            {
                continue;
            }

            int hits = _data.Count(point => box.Holds(point.X, point.Y));
            if (hits < fewest)
            {
                (best, fewest) = (i, hits);
            }
        }

        if (best is int chosen)
        {
            _taken.Add(candidates[chosen]);
        }

        return best;
    }
}
