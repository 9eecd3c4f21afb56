using Research.Tensors;
using Research.Training.Data;
using Research.Training.Specification;

namespace Research.Training.Layers;

/// <summary>What computes one layer on blocks of examples; holds shapes, never weights or activations.</summary>
/// <remarks>
/// Blocks are [size, 16]: see <see cref="Lanes"/>. Each method works on any run of blocks alone, so runs go to threads.
/// Without privacy, gradients are summed in floats: a layer that keeps each example's gradient
/// (<see cref="KeptLength"/> &gt; 0) writes it lane by lane in <see cref="Differentiate"/>, and the pass sums it; one that
/// defers it (<see cref="IsDeferred"/>) makes the sum by one matrix product over rows of all examples' inputs and output
/// gradients. With privacy, each example adds whole numbers whose norm is bounded exactly, in one of three ways: a kept
/// gradient is weighed and rounded toward zero; one that is an outer product (<see cref="HasFactors"/>) has both
/// factors rounded, and the product of whole numbers is exact; any other is formed twice, for its norm and for the sum
/// (<see cref="AddClipped"/>).
/// </remarks>
internal abstract unsafe class LayerOperator(IReadOnlyList<int> inputShape, IReadOnlyList<int> outputShape)
{
    private long? _parameterCount;

    public IReadOnlyList<int> InputShape { get; } = inputShape;

    public IReadOnlyList<int> OutputShape { get; } = outputShape;

    public int InputSize { get; } = Shapes.Size(inputShape);

    public int OutputSize { get; } = Shapes.Size(outputShape);

    /// <summary>Gets the parameters' names and shapes, in the order in which they lie in memory.</summary>
    public virtual IReadOnlyList<(string Name, int[] Shape)> Parameters => [];

    /// <summary>Gets how many numbers the parameters hold; counted once, since every step asks.</summary>
    public long ParameterCount => _parameterCount ??= Parameters.Sum(parameter =>
        parameter.Shape.Aggregate(1L, (count, size) => count * size));

    /// <summary>Gets whether Y may take the place of X, and Dx that of Dy.</summary>
    public virtual bool WorksInPlace => false;

    /// <summary>Gets whether, in place, Y is X: nothing is computed.</summary>
    public virtual bool KeepsValues => false;

    /// <summary>Gets whether the backward pass reads Y, so that no later layer may overwrite it.</summary>
    public virtual bool ReadsOutput => false;

    /// <summary>Gets how many floats of prepared weights there are.</summary>
    public virtual long PreparedLength => 0;

    /// <summary>Gets how many vectors of 16 the forward pass leaves in each block for the backward pass.</summary>
    public virtual int SavedLength => 0;

    /// <summary>Gets how many floats of scratch one thread needs when a group holds so many copies.</summary>
    public virtual int ScratchLength(int copies) => 0;

    /// <summary>Gets the number of parameters if the layer keeps each example's gradient, else 0.</summary>
    public virtual int KeptLength => 0;

    /// <summary>Gets whether the sum of gradients is made from rows of inputs and output gradients.</summary>
    public virtual bool IsDeferred => false;

    /// <summary>Throws if data hold what this layer, the first of a model, cannot take.</summary>
    /// <param name="data">The examples; their size fits.</param>
    /// <param name="path">JSON path of the layer.</param>
    /// <exception cref="SpecException">The message names the example.</exception>
    public virtual void CheckInputs(Dataset data, string path)
    {
    }

    /// <summary>Fills the first weights, and takes whatever else the seed decides.</summary>
    public virtual void Initialise(SeededGenerator generator, Span<float> weights)
    {
    }

    /// <summary>Makes one part of what the passes of this step read instead of the weights.</summary>
    public virtual void Prepare(float* weights, float* prepared, bool training, int part, int parts)
    {
    }

    /// <summary>Computes Y from X.</summary>
    public abstract void Forward(in LayerPass pass);

    /// <summary>Writes Dx, given Dy.</summary>
    public abstract void Backward(in LayerPass pass);

    /// <summary>Writes each example's gradient, summed over its copies, into Kept.</summary>
    public virtual void Differentiate(in LayerPass pass)
    {
    }

    /// <summary>Gets whether an example's gradient is one outer product when a group holds so many copies.</summary>
    public virtual bool HasFactors(int copies) => false;

    /// <summary>
    /// Adds to squaredNorms [G, 16] the squared norm of each example's gradient by this layer's weights.
    /// </summary>
    /// <remarks>
    /// Of sums of squares, which lose nothing to cancellation: of the very floats that are weighed and rounded toward
    /// zero afterwards, or, where there are factors, of the rounded input times the output gradient.
    /// </remarks>
    public virtual void AddSquaredNorms(in LayerPass pass, double* squaredNorms) => AddKeptNorms(pass, squaredNorms);

    /// <summary>Adds each example's gradient, weighed and rounded toward zero, if it is neither kept nor factors.</summary>
    /// <param name="pass">The buffers.</param>
    /// <param name="factors">[G, 16]: grid steps to a unit.</param>
    /// <param name="sums">This layer's part of the thread's sums.</param>
    public virtual void AddClipped(in LayerPass pass, float* factors, long* sums)
    {
    }

    /// <summary>Writes the rounded output gradients of examples that have factors.</summary>
    /// <param name="pass">The buffers; the rounded inputs were written with the norms.</param>
    /// <param name="factors">[G, 16]: grid steps to a unit.</param>
    public virtual void WriteFactors(in LayerPass pass, float* factors)
    {
    }

    /// <summary>Adds the products of the factors of a chunk of examples to one part of the sum.</summary>
    /// <param name="factors">Where they lie.</param>
    /// <param name="pairs">Pairs of examples.</param>
    /// <param name="sums">This layer's part of the sum.</param>
    /// <param name="part">Which part, 0 to parts − 1.</param>
    /// <param name="parts">Number of parts; never changes a bit.</param>
    public virtual void AddProducts(in FactorBuffers factors, int pairs, Span<long> sums, int part, int parts)
    {
    }

    /// <summary>Adds the gradients of all rows, first to last, to one part of this layer's gradient.</summary>
    /// <param name="x">[rows, in], row-major: the inputs.</param>
    /// <param name="dy">[rows, out], row-major: the weighed gradients by the outputs.</param>
    /// <param name="rows">Examples, copies included.</param>
    /// <param name="gradient">This layer's part of the sum.</param>
    /// <param name="scratch">This thread's scratch.</param>
    /// <param name="part">Which part, 0 to parts − 1.</param>
    /// <param name="parts">Number of parts; never changes a bit.</param>
    public virtual void AddGradient(
        float* x, float* dy, int rows, Span<float> gradient, float* scratch, int part, int parts)
    {
    }

    /// <summary>Adds the squared norms of the gradients that are kept.</summary>
    protected void AddKeptNorms(in LayerPass pass, double* squaredNorms)
    {
        for (int group = 0; group < pass.Groups && KeptLength > 0; group++)
        {
            float* kept = pass.Kept + ((long)group * KeptLength * Lanes.Count);
            Lanes.AddSquares(kept, KeptLength, squaredNorms + (group * Lanes.Count));
        }
    }
}
