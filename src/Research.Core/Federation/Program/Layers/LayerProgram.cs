using Research.Training.Layers;

namespace Research.Federation.Program.Layers;

/// <summary>The steps of one layer on a block of records, forward and back.</summary>
/// <remarks>
/// Signals have 16 bits. Those between layers have 10 binary places (14 after tanh and sigmoid, 11 after a
/// normalisation, as many as the records at the input), gradients 13, weights 12.
/// </remarks>
internal abstract class LayerProgram
{
    /// <summary>Binary places of weights in products.</summary>
    public const int WeightFraction = 12;

    /// <summary>Binary places of what leaves most layers.</summary>
    public const int ValueFraction = 10;

    /// <summary>Binary places of a linear layer's outputs that are scores: these grow large where training goes on.</summary>
    public const int ScoreFraction = 8;

    /// <summary>Binary places of what leaves tanh and sigmoid.</summary>
    public const int UnitFraction = 14;

    /// <summary>Binary places of gradients by what passes between layers.</summary>
    public const int DeltaFraction = 13;

    /// <summary>Gets the number of parameter tensors.</summary>
    public virtual int Tensors => 0;

    /// <summary>Gets the weights that the way back reads with their two sides changed: [groups, rows, columns].</summary>
    public virtual IReadOnlyList<(int Tensor, int Groups, int Rows, int Columns)> Turned => [];

    /// <summary>Adds the forward steps.</summary>
    /// <param name="pass">The block.</param>
    /// <param name="x">What arrives.</param>
    public abstract Signal Forward(LayerBlock pass, Signal x);

    /// <summary>Adds the steps back.</summary>
    /// <param name="pass">The block, after the forward steps.</param>
    /// <param name="delta">The gradient by what left.</param>
    /// <param name="isNeeded">Whether a layer before has parameters.</param>
    /// <returns>The gradient by what arrived; null where it is not needed.</returns>
    public abstract Signal? Backward(LayerBlock pass, Signal delta, bool isNeeded);

    /// <summary>Gets the programs of the layers of a model, or of those within a layer.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="shape">The shape of what arrives.</param>
    /// <param name="path">Where the specification has them.</param>
    /// <param name="isModel">Whether they are the model's own, whose last gives the scores.</param>
    /// <param name="tensor">The number of the first parameter tensor; moved on.</param>
    /// <exception cref="Training.SpecException">A layer that no program has.</exception>
    public static IReadOnlyList<LayerProgram> Of(
        IReadOnlyList<Layer> layers, IReadOnlyList<int> shape, string path, bool isModel, ref int tensor)
    {
        List<LayerProgram> programs = [];
        for (int i = 0; i < layers.Count; i++)
        {
            string at = $"{path}[{i}]";
            bool isRectified = i + 1 < layers.Count && layers[i + 1] is ReLU;
            LayerProgram program = LayerPrograms.Of(
                layers[i], shape, at, isRectified, isModel && i + 1 == layers.Count, ref tensor);
            programs.Add(program);
            shape = layers[i] is Residual ? shape : layers[i].Bind(shape, at).OutputShape;
        }

        return programs;
    }
}
