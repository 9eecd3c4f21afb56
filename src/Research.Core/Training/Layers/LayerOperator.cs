using Research.Tensors;
using Research.Training.Data;
using Research.Training.Specification;

namespace Research.Training.Layers;

/// <summary>What computes one layer on blocks of examples; holds shapes, never weights or activations.</summary>
/// <remarks>
/// Blocks are [size, 16]: see <see cref="Lanes"/>. Each method works on any run of blocks alone, so runs go to threads.
/// An example's gradient is handled in one of two ways. A layer that keeps it (<see cref="KeptLength"/> &gt; 0) writes
/// it in full, lane by lane, in <see cref="Differentiate"/>; the pass then weighs and sums it. A layer that defers it
/// (<see cref="IsDeferred"/>) finds the norm without it, and the pass later hands <see cref="AddGradient"/> rows of
/// all examples' inputs and weighed output gradients, from which one matrix product makes the sum (book-keeping: Bu et
/// al. 2023, arXiv:2210.00038v2, section 3): one backward pass serves norms and sums.
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

    /// <summary>
    /// Adds to squaredNorms [G, 16] the squared norm of each example's gradient by this layer's weights.
    /// </summary>
    public virtual void AddSquaredNorms(in LayerPass pass, double* squaredNorms)
    {
        for (int group = 0; group < pass.Groups && KeptLength > 0; group++)
        {
            float* kept = pass.Kept + ((long)group * KeptLength * Lanes.Count);
            Lanes.AddSquares(kept, KeptLength, squaredNorms + (group * Lanes.Count));
        }
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
}
