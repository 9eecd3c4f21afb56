using Research.Federation.Aggregation;
using Research.Federation.Trace;

namespace Research.Federation.Program;

/// <summary>The root of a model as claims carry it: of its weights, and of the direction in which its round moved it.</summary>
/// <remarks>Both are there because later rounds are scored beside the directions of earlier ones. Source:
/// contracts/SCORING.md, section Results.</remarks>
public static class ModelRoots
{
    /// <summary>Gets the root of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="direction">The root of the direction in which its round moved it.</param>
    public static TreeHash Of(GlobalModel model, TreeHash direction)
    {
        ArgumentNullException.ThrowIfNull(model);
        return TreeLevels.Parent(model.Root, direction);
    }

    /// <summary>Gets the root of a model that a task starts from: no round moved it, and its direction is zeros.</summary>
    public static TreeHash Of(GlobalModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Of(model, LeafTree.ZeroRoot(LeafTree.Depth(LeafTree.Leaves((long)model.Weights.Length * sizeof(short)))));
    }
}
