using System.Globalization;

namespace Research.Training.Specification;

/// <summary>Arithmetic on shapes.</summary>
internal static class Shapes
{
    /// <summary>The most numbers that one example may have at any layer.</summary>
    public const int LargestSize = 1 << 24;

    /// <summary>Gets the number of elements of a shape that was already checked.</summary>
    public static int Size(IReadOnlyList<int> shape)
    {
        int size = 1;
        for (int i = 0; i < shape.Count; i++)
        {
            size = checked(size * shape[i]);
        }

        return size;
    }

    /// <summary>Throws unless the sizes are positive and their product is at most <see cref="LargestSize"/>.</summary>
    public static void Check(IReadOnlyList<int> shape, string path)
    {
        long size = 1;
        for (int i = 0; i < shape.Count; i++)
        {
            SpecRange.Check(shape[i], 1, LargestSize, $"{path}[{i}]");
            size *= shape[i];
            if (size > LargestSize)
            {
                throw new SpecException(path, $"at most {LargestSize} numbers in one example", Text(shape));
            }
        }
    }

    public static bool Same(IReadOnlyList<int> first, IReadOnlyList<int> second)
    {
        bool same = first.Count == second.Count;
        for (int i = 0; same && i < first.Count; i++)
        {
            same = first[i] == second[i];
        }

        return same;
    }

    public static string Text(IReadOnlyList<int> shape) =>
        $"[{string.Join(", ", shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))}]";
}
