namespace Research.Federation.Program;

/// <summary>The last outputs of a program: what a claim is about, at places that only the seats change.</summary>
internal sealed class ResultsPart
{
    public ResultsPart(Draft draft, ScoringProgram program)
    {
        Loop root = draft.Root;
        Step weights = HashPart.Root(draft, "root of the next model", program.Aggregation.Next, program.Numbers.Parameters);
        Step moved = HashPart.Root(draft, "root of the step", program.Aggregation.Moved, program.Numbers.Parameters);
        MovedRoot = moved;
        ModelRoot = draft.Of(
            StepKind.Hash, root, "model's root", 32, [1], weights.At(), moved.At(), length: 2 * 32);
        Points = draft.Copy(root, "points", 8, [Extent.Seats], program.Reward.Points.At() with { Walk = 0 });
        Total = draft.Copy(root, "total", 8, [1], program.Aggregation.Total.At());
        LossBefore = draft.Copy(root, "loss before", 8, [1], program.Before.Loss.At());
        LossAfter = draft.Copy(root, "loss after", 8, [1], program.After.Loss.At());
        RightBefore = draft.Copy(root, "right before", 8, [1], program.Before.Right.At());
        RightAfter = draft.Copy(root, "right after", 8, [1], program.After.Right.At());
    }

    /// <summary>Gets the hash of the roots of the next model's weights and of the direction in which the round moved
    /// it.</summary>
    public Step ModelRoot { get; }

    /// <summary>Gets the root of that direction.</summary>
    public Step MovedRoot { get; }

    /// <summary>Gets the points of each seat.</summary>
    public Step Points { get; }

    /// <summary>Gets their total.</summary>
    public Step Total { get; }

    /// <summary>Gets the sum of the records' losses with the model that the round started from.</summary>
    public Step LossBefore { get; }

    /// <summary>Gets the same with the next model.</summary>
    public Step LossAfter { get; }

    /// <summary>Gets how many records the first model predicts right.</summary>
    public Step RightBefore { get; }

    /// <summary>Gets how many the next model does.</summary>
    public Step RightAfter { get; }
}
