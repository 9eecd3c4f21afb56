using Research.Tensors;
using Research.Training.Layers;

namespace Research.Training;

/// <summary>Where the buffers of a network lie for a run of blocks: planned once for each model.</summary>
/// <remarks>
/// Offsets count floats in one arena a thread. A layer that works in place shares its buffer with the one before it,
/// unless somebody still reads what it would overwrite.
/// </remarks>
internal sealed class PassPlan
{
    private const long ArenaBytes = 512 << 10; // A run should stay in the second-level cache.
    private const int MostGroups = 8;          // Divides a segment.

    public PassPlan(IReadOnlyList<Node> nodes, int inputSize, int copies, bool training)
    {
        Nodes = nodes;
        Copies = copies;
        FirstTrained = FindFirstTrained(nodes);
        HasParameters = [.. nodes.Select(node => node.Operator.ParameterCount > 0)];
        TrainedCount = HasParameters.Count(has => has);
        Groups = 1;
        Lay(inputSize, training);
        while (Groups < MostGroups && Scratch * sizeof(float) * 2 <= ArenaBytes)
        {
            Groups *= 2;
            Lay(inputSize, training);
        }
    }

    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>Gets the blocks that hold copies of the same examples.</summary>
    public int Copies { get; }

    /// <summary>Gets the groups of 16 examples in a run.</summary>
    public int Groups { get; private set; }

    /// <summary>Gets the first node that has parameters: no gradient is wanted below it.</summary>
    public int FirstTrained { get; }

    /// <summary>Gets which nodes have parameters; asking an operator allocates.</summary>
    public bool[] HasParameters { get; }

    /// <summary>Gets how many nodes have parameters.</summary>
    public int TrainedCount { get; }

    /// <summary>Gets the floats of one thread's arena.</summary>
    public long ArenaLength { get; private set; }

    /// <summary>Gets where each value lies.</summary>
    public long[] Values { get; private set; } = [];

    /// <summary>Gets where the gradient by each value lies; −1 where there is none.</summary>
    public long[] Gradients { get; private set; } = [];

    /// <summary>Gets where each node's saved vectors lie.</summary>
    public long[] Saved { get; private set; } = [];

    /// <summary>Gets where each node keeps the examples' gradients.</summary>
    public long[] Kept { get; private set; } = [];

    /// <summary>Gets where each node's kept gradients are summed lane by lane.</summary>
    public long[] LaneSums { get; private set; } = [];

    /// <summary>Gets where the scratch lies.</summary>
    public long Scratch { get; private set; }

    private static int FindFirstTrained(IReadOnlyList<Node> nodes)
    {
        int first = 0;
        while (first < nodes.Count - 1 && nodes[first].Operator.ParameterCount == 0)
        {
            first++;
        }

        return first;
    }

    private void Lay(int inputSize, bool training)
    {
        int count = Nodes.Count;
        int blocks = Groups * Copies;
        long at = 0;
        Values = new long[count + 1];
        Gradients = new long[count + 1];
        Saved = new long[count];
        Kept = new long[count];
        LaneSums = new long[count];
        Values[0] = Take(ref at, (long)blocks * inputSize);
        for (int i = 0; i < count; i++)
        {
            Values[i + 1] = SharesValue(i, training) ? Values[i] : Take(ref at, (long)blocks * Nodes[i].Operator.OutputSize);
            Saved[i] = Take(ref at, (long)blocks * Nodes[i].Operator.SavedLength);
        }

        Array.Fill(Gradients, -1);
        for (int i = count; training && i >= 0; i--)
        {
            long size = i == 0 ? 0 : Nodes[i - 1].Operator.OutputSize;
            Gradients[i] = i <= FirstTrained ? -1
                : i < count && SharesGradient(i) ? Gradients[i + 1]
                : Take(ref at, blocks * size);
        }

        long scratch = 0;
        for (int i = 0; i < count; i++)
        {
            Kept[i] = Take(ref at, training ? (long)Groups * Nodes[i].Operator.KeptLength : 0);
            LaneSums[i] = Take(ref at, training ? Nodes[i].Operator.KeptLength : 0);
            scratch = Math.Max(scratch, Nodes[i].Operator.ScratchLength(Copies));
        }

        Scratch = at;
        ArenaLength = at + scratch;
    }

    private static long Take(ref long at, long vectors)
    {
        long start = at;
        at += vectors * Lanes.Count;
        return start;
    }

    // Node i may write its output over its input, if nobody reads that again: neither the layer that made it, even
    // where it passed through layers that change nothing, nor a residual branch.
    private bool SharesValue(int i, bool training)
    {
        LayerOperator layer = Nodes[i].Operator;
        if (!layer.WorksInPlace || layer.KeepsValues)
        {
            return layer.KeepsValues;
        }

        int value = i;
        while (value > 0 && !IsSkipped(value) && Nodes[value - 1].Operator.KeepsValues)
        {
            value--;
        }

        return value > 0 && !IsSkipped(value) && !(training && Nodes[value - 1].Operator.ReadsOutput);
    }

    // The gradient by value i may take the place of that by value i + 1, unless a residual branch wants that too.
    private bool SharesGradient(int i) => Nodes[i].Operator.WorksInPlace && Nodes[i].Skip == Node.NoSkip;

    private bool IsSkipped(int value)
    {
        foreach (Node node in Nodes)
        {
            if (node.Skip == value)
            {
                return true;
            }
        }

        return false;
    }
}
