using Research.Training.Data;

namespace Research.Tests.Training.Data;

public sealed class DatasetTests
{
    private static readonly Dataset Three = new(new float[] { 1, 2, 3, 4, 5, 6 }, new[] { 0, 1, 2 }, [2], 3);

    [Fact]
    public void Select_Indices_CopiesInOrder()
    {
        Dataset selected = Three.Select([2, 0, 2]);

        Assert.Equal([5, 6, 1, 2, 5, 6], selected.Inputs.ToArray());
        Assert.Equal([2, 0, 2], selected.Labels.ToArray());
        Assert.Equal((3, 3), (selected.Count, selected.Classes));
        Assert.Equal(0, Three.Select([]).Count);
    }

    [Fact]
    public void WithLabels_And_Reshape_KeepTheInputs()
    {
        Assert.Equal([2, 2, 2], Three.WithLabels((int[])[2, 2, 2]).Labels.ToArray());
        Assert.Equal([1, 2, 1], Three.Reshape(1, 2, 1).Shape);
        Assert.Equal(Three.Inputs, Three.Reshape(1, 2, 1).Inputs);
    }

    [Fact]
    public void Constructor_BadSizes_SayExpectedAndActual()
    {
        Refused("Expected 3 × 2 input numbers for 3 labels and shape [2]; got 5.", () =>
            new Dataset(new float[5], new int[3], [2], 3));
        Refused("Expected labels from 0 to 2; got 3 at example 1.", () =>
            new Dataset(new float[4], (int[])[0, 3], [2], 3));
        Refused("Expected labels from 0 to 2; got -1 at example 0.", () =>
            new Dataset(new float[4], (int[])[-1, 0], [2], 3));
        Refused("got [0]", () => new Dataset(Array.Empty<float>(), new int[3], [0], 3));
        Refused("got [65536, 65536]", () => new Dataset(Array.Empty<float>(), Array.Empty<int>(), [65536, 65536], 3));
        Refused("Expected a shape of 2 elements as [2]; got [3].", () => Three.Reshape(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Three.Select([3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Three.Select([-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dataset(Array.Empty<float>(), Array.Empty<int>(), [2], 0));
    }

    private static void Refused(string message, Func<object> create) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(create).Message, StringComparison.Ordinal);
}
