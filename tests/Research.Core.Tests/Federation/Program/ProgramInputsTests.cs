using Research.Federation.Program;
using Research.Federation.Scoring;

namespace Research.Tests.Federation.Program;

public sealed class ProgramInputsTests
{
    // Reveal i sits in seat N - 1 - i; those before have none.
    [Theory]
    [InlineData(0, 16)]
    [InlineData(1, 16)]
    [InlineData(15, 16)]
    [InlineData(16, 16)]
    [InlineData(17, 32)]
    [InlineData(65536, 65536)]
    public void IndexOf_EverySeat_CountsBackwards(int reveals, int seats)
    {
        ProgramInputs inputs = Of(reveals);

        Assert.Equal(seats, inputs.Seats);
        for (int seat = 0; seat < seats; seat++)
        {
            int? index = seat < seats - reveals ? null : seats - 1 - seat;
            Assert.Equal(index, inputs.IndexOf(seat));
            Assert.Equal(index is { } one ? [one] : [], inputs.UpdateOf(seat).ToArray());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(17)]
    public void EntriesBySeat_EverySeat_IsThatOfItsRevealOrZeros(int reveals)
    {
        ProgramInputs inputs = Of(reveals);

        byte[][] entries = [.. inputs.EntriesBySeat().Chunk(128)];

        Assert.Equal(inputs.Seats, entries.Length);
        for (int seat = 0; seat < entries.Length; seat++)
        {
            int index = entries.Length - 1 - seat;
            Assert.Equal(index < reveals ? inputs.Roster.EntryOf(index).ToArray() : new byte[128], entries[seat]);
        }
    }

    private static ProgramInputs Of(int reveals) => new()
    {
        Model = default,
        PastSteps = [],
        Records = default,
        Keys = default,
        Seed = default,
        Roster = Roster.Of([.. Enumerable.Range(0, reveals)]),
        Update = index => new[] { index },
    };
}
