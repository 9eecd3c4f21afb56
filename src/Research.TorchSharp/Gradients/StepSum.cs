using System.Buffers.Binary;
using TorchSharp;
using static TorchSharp.torch;

namespace Research.TorchSharp.Gradients;

/// <summary>Adds the clipped gradients of a step's records, in parts of one size.</summary>
/// <remarks>
/// What a record adds must not depend on who else joined, not by a bit: libtorch rounds otherwise in products of other
/// sizes, and a record more would move all that others add by some steps. So layers are always computed on as many
/// rows, the last part filled up with a copy that counts for nothing; that a row then has the same bits wherever it
/// stands was probed. The loop computes each record alone, always.
/// </remarks>
internal sealed class StepSum : IDisposable
{
    private readonly PrivateTraining _training;
    private readonly TorchRelease _release;
    private readonly IExampleGradients _gradients;
    private readonly ClippedSum _clipped;
    private readonly int _rows;

    /// <summary>Makes room.</summary>
    public StepSum(PrivateTraining training, TorchRelease release)
    {
        _training = training;
        _release = release;
        _rows = training.Probed.MicroBatch;
        _gradients = training.Gradients();
        _clipped = new ClippedSum(training.Parameters, _rows);
    }

    /// <summary>Gets how many gradients were not finite.</summary>
    public long NonFiniteGradients { get; private set; }

    /// <summary>Adds the gradients of some records.</summary>
    /// <param name="records">Which.</param>
    /// <param name="seed">The step's seed of the module's own randomness.</param>
    /// <param name="sums">The sum in grid steps, added to.</param>
    /// <returns>The sum of the losses.</returns>
    /// <exception cref="ModuleRefusedException">A weight or a buffer changed meanwhile.</exception>
    public double Add(IReadOnlyList<int> records, long seed, long[] sums)
    {
        // Also where no probe saw anything random: what is drawn rarely would come from a seed that others know.
        manual_seed(seed);
        using KeptState state = new(_training.Module);
        double loss = 0;
        for (int start = 0; start < records.Count; start += _rows)
        {
            loss += AddPart([.. records.Skip(start).Take(_rows)], seed, sums);
            state.Require();
        }

        return loss;
    }

    /// <inheritdoc/>
    public void Dispose() => _clipped.Dispose();

    private double AddPart(int[] part, long seed, long[] sums)
    {
        using DisposeScope scope = NewDisposeScope();
        TorchExamples examples = _training.Examples;
        int rows = _training.Probed.LoopReason is null ? _rows : part.Length;
        int[] filled = [.. part, .. Enumerable.Repeat(part[0], rows - part.Length)];
        Tensor which = tensor(
            [.. filled.Select(row => (long)row)], dtype: int64, device: examples.Inputs.device);
        long[] seeds = [.. filled.Select(row => seed ^ DigestOf(row))];
        ExampleGradients gradients = _gradients.Compute(
            examples.Inputs.index_select(0, which), examples.Targets.index_select(0, which), seeds);
        NonFiniteGradients += _clipped.Add(gradients.Pieces, rows, part.Length, _release, sums);
        return gradients.Losses.Take(part.Length).Sum();
    }

    // A record's own randomness follows from the step's seed and its content: no other record can change it.
    private long DigestOf(int row) => BinaryPrimitives.ReadInt64LittleEndian(_training.Examples.Identity.Record(row));
}
