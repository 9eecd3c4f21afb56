using Research.TorchSharp.Gradients;
using TorchSharp;
using static TorchSharp.torch;

namespace Research.TorchSharp.Probing;

/// <summary>Finds out whether a row's gradients have the same bits wherever it stands and whoever else is
/// there.</summary>
internal sealed class RowProbe(LayerMap map, ExampleLosses losses, RandomRecords records, int rows)
{
    private const ulong Seed = 11;
    private const int Draws = 4;

    /// <summary>Compares batches with others in which rows stand elsewhere, among others.</summary>
    /// <returns>What depends on a row's place; null where nothing was seen to.</returns>
    public string? Depends()
    {
        for (ulong draw = 0; draw < Draws; draw++)
        {
            if (Depends(Seed + (2 * draw)) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private string? Depends(ulong seed)
    {
        using DisposeScope scope = NewDisposeScope();
        ProbeBatch batch = records.Draw(rows, seed);
        int kept = (rows + 1) / 2;
        int[] turned = [.. Enumerable.Range(0, kept).Reverse()];
        ProbeBatch mixed = records.Draw(rows, seed + 1).Take(Enumerable.Range(0, rows - kept)).Then(batch.Take(turned));
        Tensor first = arange(kept, dtype: int64, device: batch.Inputs.device);
        Tensor last = arange(rows - 1, rows - kept - 1, -1, dtype: int64, device: batch.Inputs.device);
        IReadOnlyList<GradientPiece> here = Pieces(batch);
        IReadOnlyList<GradientPiece> there = Pieces(mixed);
        foreach (GradientPiece piece in here)
        {
            GradientPiece? other = there.FirstOrDefault(one => one.Slots[0] == piece.Slots[0]);
            if (other is null || !Same(Rows(piece, first), Rows(other, last)))
            {
                return $"the bits of a record's gradient by '{piece.Slots[0].Name}' depend on its place in the batch";
            }
        }

        return null;
    }

    private IReadOnlyList<GradientPiece> Pieces(ProbeBatch batch) =>
        new BatchGradients(map, losses).Compute(batch.Inputs, batch.Targets, batch.Seeds).Pieces;

    /// <summary>Gets the numbers that a piece's gradients follow from, a row a record.</summary>
    public static Tensor[] Numbers(GradientPiece piece) => piece switch
    {
        FormedGradient formed => [formed.Values],
        OuterProduct outer => [outer.X, outer.Dy],
        RowGradient table => [table.Dy],
        _ => throw new NotSupportedException($"No rows of a {piece.GetType().Name}."),
    };

    /// <summary>Says whether two tensors hold the same numbers; NaN is NaN.</summary>
    public static bool Same(Tensor here, Tensor there) =>
        here.shape.SequenceEqual(there.shape) && (here.eq(there) | (here.isnan() & there.isnan())).all().item<bool>();

    private static Tensor[] Rows(GradientPiece piece, Tensor which) =>
        [.. Numbers(piece).Select(values => values.index_select(0, which))];

    private static bool Same(Tensor[] here, Tensor[] there) =>
        here.Zip(there).All(pair => Same(pair.First, pair.Second));
}
