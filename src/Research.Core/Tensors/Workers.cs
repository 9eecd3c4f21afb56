namespace Research.Tensors;

/// <summary>Divides work among threads.</summary>
internal static class Workers
{
    /// <summary>
    /// Cuts <paramref name="count"/> items into <paramref name="parts"/> runs whose starts are multiples of <paramref
    /// name="multiple"/>.
    /// </summary>
    public static (int Start, int End) Slice(int count, int part, int parts, int multiple = 1)
    {
        long blocks = (count + multiple - 1) / multiple;
        long start = blocks * part / parts * multiple;
        long end = blocks * (part + 1) / parts * multiple;
        return ((int)Math.Min(start, count), (int)Math.Min(end, count));
    }
}
