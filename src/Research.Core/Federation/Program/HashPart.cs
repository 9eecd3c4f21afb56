using System.Numerics;

namespace Research.Federation.Program;

/// <summary>The root of the binary tree over an array's leaves, as steps.</summary>
internal static class HashPart
{
    /// <summary>Adds them, level by level, over the array and zeros up to a power of two of leaves.</summary>
    /// <param name="draft">The program.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="array">The array, of so many elements.</param>
    /// <param name="length">How many elements.</param>
    /// <returns>The root, 32 bytes.</returns>
    public static Step Root(Draft draft, string name, Step array, int length)
    {
        int each = Step.Leaf / array.Width;
        int count = (int)BitOperations.RoundUpToPowerOf2((uint)((length + each - 1) / each));
        Operand index = draft.Constants.Table(
            $"0 to {(count * each) - 1}, of 4 bytes", 4, () => Enumerable.Range(0, count * each).Select(i => (long)i));
        Step padded = draft.Gather(
            draft.Root, name + ", whole", array.Width, [count * each], index with { Strides = [1] }, array.At(0), length);
        Step nodes = draft.Of(
            StepKind.Hash, draft.Root, name + ", leaves", 32, [count], padded.At(each), length: Step.Leaf);
        for (int level = 1; count > 1; level++)
        {
            count /= 2;
            nodes = draft.Of(
                StepKind.Hash,
                draft.Root,
                $"{name}, level {level}",
                32,
                [count],
                nodes.At(2),
                nodes.From(1, 2),
                length: 2 * 32);
        }

        return nodes;
    }
}
