using System.Globalization;
using Research.Training;

namespace Research.Federation.Program;

/// <summary>How much a program computes.</summary>
internal static class ProgramSize
{
    /// <summary>The most bytes of a trace: 2³⁸, which takes hours on two cores.</summary>
    public const long MostBytes = 1L << 38;

    /// <summary>The most bytes of the constants.</summary>
    public const long MostConstants = 1L << 26;

    /// <summary>Gets the steps of a program, by kind.</summary>
    public static IReadOnlyDictionary<string, long> StepsOf(ScoringProgram program, int seats)
    {
        SortedDictionary<string, long> counts = new(StringComparer.Ordinal);
        long blocks = seats / Extent.SeatBlock;
        foreach (Step step in program.Draft.Steps)
        {
            long count = step.Count.At(blocks);
            for (Loop? loop = step.Parent; loop is not null; loop = loop.Parent)
            {
                count = checked(count * loop.Extent.At(seats));
            }

            string name = step.Kind.ToString();
            counts[name] = counts.GetValueOrDefault(name) + count;
        }

        return counts;
    }

    /// <summary>Refuses a program that is too large, before anything of its size is allocated.</summary>
    /// <exception cref="SpecException">It is, with the numbers.</exception>
    public static void Require(ScoringProgram program)
    {
        long bytes;
        try
        {
            bytes = program.Bytes.At(1);
        }
        catch (OverflowException)
        {
            bytes = long.MaxValue;
        }

        if (bytes > MostBytes)
        {
            throw new SpecException(
                "$",
                string.Create(CultureInfo.InvariantCulture, $"a scoring of at most {MostBytes} bytes of outputs (16 seats)"),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{bytes}: {program.Numbers.Parameters} weights, {program.Numbers.Steps} steps, "
                    + $"{program.Numbers.References} reference runs, {program.Numbers.Records} records"));
        }
    }
}
