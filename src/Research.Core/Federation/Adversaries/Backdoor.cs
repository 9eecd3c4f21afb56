using Research.Training.Data;

namespace Research.Federation.Adversaries;

/// <summary>What a model shall do for whoever knows its trigger: take a record that bears it for one class.</summary>
/// <remarks>Gu, Dolan-Gavitt and Garg 2017, arXiv:1708.06733: a patch of bright pixels.</remarks>
/// <param name="Target">The class.</param>
/// <param name="Patch">How many of a record's inputs, the last ones, the trigger makes as bright as any.</param>
public sealed record Backdoor(int Target, int Patch)
{
    /// <summary>Plants the backdoor in every second record: what the attacker trains on.</summary>
    public Dataset Poison(Dataset records)
    {
        ArgumentNullException.ThrowIfNull(records);
        return Plant(records, i => i % 2 == 0);
    }

    /// <summary>Gets the records of other classes with the trigger, labelled with the target: the accuracy on them is
    /// the attack's success rate.</summary>
    public Dataset Victims(Dataset records)
    {
        ArgumentNullException.ThrowIfNull(records);
        int[] others = [.. Enumerable.Range(0, records.Count).Where(i => records.Labels.Span[i] != Target)];
        return Plant(records.Select(others), _ => true);
    }

    private Dataset Plant(Dataset records, Func<int, bool> chosen)
    {
        float[] inputs = records.Inputs.ToArray();
        int[] labels = records.Labels.ToArray();
        int size = inputs.Length / labels.Length;
        float brightest = inputs.Max();
        foreach (int i in Enumerable.Range(0, labels.Length).Where(chosen))
        {
            inputs.AsSpan((i * size) + size - Patch, Patch).Fill(brightest);
            labels[i] = Target;
        }

        return new Dataset(inputs, labels, records.Shape, records.Classes);
    }
}
