namespace Research.Training.Layers;

/// <summary>Where the whole-number factors of a chunk of examples' gradients lie.</summary>
internal unsafe struct FactorBuffers
{
    /// <summary>C in grid steps: no product of factors exceeds it.</summary>
    public int Bound;

    /// <summary>The most grid steps that a unit of a gradient can become: what small gradients will have.</summary>
    public double MostStepsPerUnit;

    /// <summary>Pairs of examples that a chunk holds.</summary>
    public int Capacity;

    /// <summary>The pair at which the run begins.</summary>
    public int FirstPair;

    /// <summary>Rounded output gradients: panels of <see cref="Tensors.IntegerProduct.Left"/>.</summary>
    public int* Left;

    /// <summary>Rounded inputs: panels of <see cref="Tensors.IntegerProduct.Right"/>.</summary>
    public int* Right;

    /// <summary>What the biases see in place of an input, [pairs].</summary>
    public int* Ones;

    /// <summary>What a rounded input is counted in, [G, 16].</summary>
    public double* Units;

    /// <summary>Norms of the output gradients, [G, 16].</summary>
    public double* Norms;
}
