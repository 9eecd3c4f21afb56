using Research.Training.Specification;

namespace Research.Training.Layers;

/// <summary>What computes one layer on rows of examples; holds shapes, never weights or activations.</summary>
/// <remarks>
/// B = examples given. Buffers are row-major [B, size]. Every method works on any run of examples alone, so the caller
/// may split a batch over
/// threads; only <see cref="AddGradient"/> sums over examples, first to last.
/// Private training calls, in this order: <see cref="Differentiate"/>, <see cref="AddSquaredNorms"/>, <see
/// cref="Weigh"/>,
/// <see cref="AddGradient"/>; plain training leaves out the middle two.
/// </remarks>
internal abstract class LayerOperator(IReadOnlyList<int> inputShape, IReadOnlyList<int> outputShape)
{
    public IReadOnlyList<int> InputShape { get; } = inputShape;

    public IReadOnlyList<int> OutputShape { get; } = outputShape;

    public int InputSize { get; } = Shapes.Size(inputShape);

    public int OutputSize { get; } = Shapes.Size(outputShape);

    /// <summary>Gets the parameters' names and shapes, in the order in which they lie in memory.</summary>
    public virtual IReadOnlyList<(string Name, int[] Shape)> Parameters => [];

    /// <summary>Gets how many numbers the parameters hold.</summary>
    public long ParameterCount
    {
        get
        {
            long count = 0;
            foreach ((string _, int[] shape) in Parameters)
            {
                long size = 1;
                foreach (int length in shape)
                {
                    size *= length;
                }

                count += size;
            }

            return count;
        }
    }

    /// <summary>Gets how many floats of scratch one thread needs.</summary>
    public virtual int ScratchLength => 0;

    /// <summary>
    /// Gets how many floats an example's gradient needs between <see cref="Differentiate"/> and <see
    /// cref="AddGradient"/>.
    /// </summary>
    public virtual int KeptLength => 0;

    /// <summary>Fills the first weights.</summary>
    public virtual void Initialise(SeededGenerator generator, Span<float> weights)
    {
    }

    /// <summary>Computes y from x.</summary>
    public abstract void Forward(
        ReadOnlySpan<float> weights, ReadOnlySpan<float> x, Span<float> y, int examples, Span<float> scratch);

    /// <summary>Writes the gradient by x, given that by y.</summary>
    public abstract void Backward(
        ReadOnlySpan<float> weights, in LayerPass pass, Span<float> dx, int examples, Span<float> scratch);

    /// <summary>Writes what the layer keeps of each example's gradient by the weights.</summary>
    public virtual void Differentiate(in LayerPass pass, int examples, Span<float> scratch)
    {
    }

    /// <summary>Adds, for each example, the squared norm of its gradient by this layer's weights.</summary>
    public virtual void AddSquaredNorms(in LayerPass pass, Span<double> squaredNorms)
    {
    }

    /// <summary>Multiplies one example's gradient by a factor; by 0 removes it whatever it holds.</summary>
    public virtual void Weigh(in LayerPass pass, int example, float factor)
    {
    }

    /// <summary>Adds the examples' gradients, in order, to one part of this layer's gradient.</summary>
    public virtual void AddGradient(in LayerPass pass, int examples, Span<float> gradient, int part, int parts)
    {
    }
}
