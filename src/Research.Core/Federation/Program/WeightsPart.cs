using Research.Federation.Program.Layers;

namespace Research.Federation.Program;

/// <summary>Weights as products read them: in 16 bits, and with their sides changed for the way back.</summary>
internal static class WeightsPart
{
    /// <summary>Adds them.</summary>
    /// <param name="draft">The program.</param>
    /// <param name="at">The loop.</param>
    /// <param name="numbers">The numbers.</param>
    /// <param name="layers">The layers; null where nothing goes back.</param>
    /// <param name="weights">The weights, a tensor each.</param>
    /// <param name="fraction">Their binary places.</param>
    public static (Operand[] Halved, Operand?[] Turned) Halved(
        Draft draft,
        Loop at,
        ScoringNumbers numbers,
        IReadOnlyList<LayerProgram>? layers,
        IReadOnlyList<Operand> weights,
        int fraction)
    {
        Operand[] halved = new Operand[weights.Count];
        Operand?[] turned = new Operand?[weights.Count];
        for (int tensor = 0; tensor < halved.Length; tensor++)
        {
            halved[tensor] = draft.Copy(
                at,
                $"weights in 16 bits {tensor}",
                2,
                [numbers.Tensors[tensor]],
                weights[tensor],
                fraction - LayerProgram.WeightFraction).At(1);
        }

        foreach (LayerProgram layer in layers ?? [])
        {
            foreach ((int tensor, int groups, int rows, int columns) in layer.Turned)
            {
                if (tensor == 0)
                {
                    continue; // Nothing before it has parameters, so nothing goes further back.
                }

                turned[tensor] = draft.Copy(
                    at,
                    $"weights turned {tensor}",
                    2,
                    [groups, columns, rows],
                    halved[tensor] with { Strides = [(long)rows * columns, 1, columns] }).At(1);
            }
        }

        return (halved, turned);
    }
}
