using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>A layer of outputs, each with weights of its own and a bias, whose examples' gradients are large.</summary>
/// <remarks>
/// An example's gradient is formed a strip of outputs at a time, twice: for its norm, and to be clipped, rounded toward
/// zero and added. Both times the numbers are the same, so the norm is that of what is added, whatever cancels: norms
/// by pairs of positions (the Gram form) lose all digits where large terms cancel, and are not used.
/// Weights lie [outputs, depth], and then the biases [outputs].
/// </remarks>
internal abstract unsafe class StripOperator(IReadOnlyList<int> inputShape, IReadOnlyList<int> outputShape)
    : LayerOperator(inputShape, outputShape)
{
    private const int MostOutputs = 12;

    /// <summary>Gets the number of outputs.</summary>
    protected abstract int StripOutputs { get; }

    /// <summary>Gets the number of weights of an output.</summary>
    protected abstract int StripDepth { get; }

    /// <summary>Gets the floats of scratch that <see cref="Form"/> needs.</summary>
    protected virtual int FormScratch => 0;

    /// <summary>Gets the floats of scratch that strips need in all.</summary>
    protected int StripScratch => FormScratch + (2 * MostOutputs * (StripDepth + 1) * Lanes.Count);

    public override void AddSquaredNorms(in LayerPass pass, double* squaredNorms)
    {
        float* strip = pass.Scratch + FormScratch;
        for (int group = 0; group < pass.Groups; group++)
        {
            int present;
            for (int output = 0; output < StripOutputs; output += present)
            {
                present = Form(pass, group, output, strip);
                Lanes.AddSquares(strip, present * (StripDepth + 1), squaredNorms + (group * Lanes.Count));
            }
        }
    }

    public override void AddClipped(in LayerPass pass, float* factors, long* sums)
    {
        int most = MostOutputs * (StripDepth + 1) * Lanes.Count;
        float* strip = pass.Scratch + FormScratch;
        int* whole = (int*)(strip + most);
        int present;
        for (int output = 0; output < StripOutputs; output += present)
        {
            new Span<int>(whole, most).Clear();
            present = 0;
            for (int group = 0; group < pass.Groups; group++)
            {
                present = Form(pass, group, output, strip);
                IntegerLanes.AddTruncated(
                    strip, factors + (group * Lanes.Count), whole, present * (StripDepth + 1));
            }

            int weights = present * StripDepth;
            IntegerLanes.AddReduced(whole, weights, sums + ((long)output * StripDepth));
            IntegerLanes.AddReduced(
                whole + ((long)weights * Lanes.Count), present, sums + ((long)StripOutputs * StripDepth) + output);
        }
    }

    /// <summary>Gets how many outputs from one on make a strip.</summary>
    protected virtual int StripLength(int output) => Math.Min(MostOutputs, StripOutputs - output);

    /// <summary>Adds one example's share of a strip, [present, depth, 16], and then of its biases.</summary>
    /// <param name="pass">The buffers.</param>
    /// <param name="block">The block that holds it, a copy of its group.</param>
    /// <param name="output">The strip's first output.</param>
    /// <param name="present">Its outputs.</param>
    /// <param name="strip">The strip.</param>
    protected abstract void AddStrip(in LayerPass pass, int block, int output, int present, float* strip);

    // The strip of a group of examples, summed over their copies.
    private int Form(in LayerPass pass, int group, int output, float* strip)
    {
        int present = StripLength(output);
        new Span<float>(strip, present * (StripDepth + 1) * Lanes.Count).Clear();
        for (int copy = 0; copy < pass.Copies; copy++)
        {
            AddStrip(pass, (group * pass.Copies) + copy, output, present, strip);
        }

        return present;
    }
}
