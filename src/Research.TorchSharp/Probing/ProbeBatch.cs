using static TorchSharp.torch;

namespace Research.TorchSharp.Probing;

/// <summary>Random records, each with the seed of what is drawn for it.</summary>
/// <param name="Inputs">[B, ...].</param>
/// <param name="Targets">[B, ...].</param>
/// <param name="Seeds">[B].</param>
internal sealed record ProbeBatch(Tensor Inputs, Tensor Targets, long[] Seeds)
{
    /// <summary>Gets B.</summary>
    public int Count => Seeds.Length;

    /// <summary>Takes some records.</summary>
    public ProbeBatch Take(params IEnumerable<int> rows)
    {
        long[] chosen = [.. rows.Select(row => (long)row)];
        using Tensor which = tensor(chosen, dtype: int64, device: Inputs.device);
        return new ProbeBatch(
            Inputs.index_select(0, which), Targets.index_select(0, which), [.. chosen.Select(row => Seeds[row])]);
    }

    /// <summary>Appends records.</summary>
    public ProbeBatch Then(ProbeBatch more) =>
        new(cat([Inputs, more.Inputs]), cat([Targets, more.Targets]), [.. Seeds, .. more.Seeds]);
}
