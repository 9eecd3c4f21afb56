using System.Runtime.InteropServices;
using Research.Privacy.Sums;
using Research.TorchSharp.Gradients;
using Research.Training;
using Research.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Research.TorchSharp;

/// <summary>Examples as tensors: inputs and targets, an example a row, and who the records are.</summary>
/// <remarks>
/// Who a record is follows from its inputs, as in <see cref="Dataset"/>: the same numbers are the same record for a
/// ledger, whichever trainer reads them. The tensors are copied: who the records are cannot change afterwards.
/// </remarks>
public sealed class TorchExamples : IDisposable
{
    private const int Piece = 1 << 16;
    private const int Pieces = sizeof(double) / sizeof(ushort);

    private readonly Lazy<DataIdentity> _identity;

    private TorchExamples(Tensor inputs, Tensor targets, Func<DataIdentity> identity)
    {
        Inputs = inputs;
        Targets = targets;
        _identity = new Lazy<DataIdentity>(identity);
    }

    /// <summary>Gets the number of examples, N. It is not private: keep it local.</summary>
    public int Count => (int)Inputs.shape[0];

    /// <summary>Gets who the records are.</summary>
    public DataIdentity Identity => _identity.Value;

    /// <summary>Gets the inputs, [N, ...]; nobody outside can write to them.</summary>
    internal Tensor Inputs { get; }

    /// <summary>Gets the targets, [N] or [N, ...].</summary>
    internal Tensor Targets { get; }

    /// <summary>Takes a copy of tensors.</summary>
    /// <param name="inputs">[N, ...], of floats, doubles, whole numbers or booleans; on the module's device.</param>
    /// <param name="targets">[N] or [N, ...], on the same device.</param>
    /// <param name="units">[N] texts, such as a patient's number, where a ledger shall charge a unit's examples as a
    /// group; null where each example is a unit.</param>
    /// <exception cref="ArgumentException">There are no examples, or the numbers of rows differ.</exception>
    public static TorchExamples Of(Tensor inputs, Tensor targets, IReadOnlyList<string>? units = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (inputs.dim() < 1 || targets.dim() < 1 || inputs.shape[0] != targets.shape[0] || inputs.shape[0] == 0)
        {
            throw new ArgumentException(
                $"Expected inputs [N, ...] and targets [N, ...] of 1 or more examples; got "
                + $"[{string.Join(", ", inputs.shape)}] and [{string.Join(", ", targets.shape)}].",
                nameof(targets));
        }

        Tensor own = Copy(inputs);
        return new TorchExamples(own, Copy(targets), () =>
        {
            DataIdentity identity = IdentityOf(own);
            return units is null ? identity : identity.WithUnits(units);
        });
    }

    /// <summary>Makes tensors of a data set; the records stay who they are.</summary>
    /// <param name="data">The examples; inputs become floats [N, shape], labels whole numbers [N].</param>
    /// <param name="device">Where the tensors lie; null is the processor.</param>
    public static TorchExamples From(Dataset data, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfZero(data.Count, nameof(data));
        using Tensor flat = tensor(data.Inputs.ToArray());
        using Tensor inputs = flat.reshape([data.Count, .. data.Shape.Select(size => (long)size)]);
        using Tensor labels = tensor(Array.ConvertAll(data.Labels.ToArray(), label => (long)label));
        using Tensor placed = inputs.to(device ?? CPU);
        using Tensor placedLabels = labels.to(device ?? CPU);
        return new TorchExamples(Copy(placed), Copy(placedLabels), () => data.Identity);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Inputs.Dispose();
        Targets.Dispose();
    }

    /// <summary>Measures losses and, where somebody can tell, right answers.</summary>
    internal Evaluation Evaluate(nn.Module module, ExampleLosses losses, Func<Tensor, Tensor, Tensor>? hits)
    {
        const int AtOnce = 256;
        using KeptState state = new(module);
        module.eval();
        double loss = 0;
        long right = 0;
        using (no_grad())
        {
            for (int start = 0; start < Count; start += AtOnce)
            {
                using DisposeScope scope = NewDisposeScope();
                int count = Math.Min(AtOnce, Count - start);
                Tensor inputs = Inputs.narrow(0, start, count);
                Tensor targets = Targets.narrow(0, start, count);
                loss += losses.Of(inputs, targets).to(float64).sum().item<double>();
                right += hits?.Invoke(inputs, targets).count_nonzero().item<long>() ?? 0;
            }
        }

        state.Restore();
        return new Evaluation(loss / Count, hits is null ? double.NaN : right / (double)Count, Count);
    }

    private static Tensor Copy(Tensor tensor)
    {
        using (no_grad())
        {
            return tensor.detach().clone().contiguous().DetachFromDisposeScope();
        }
    }

    // By the numbers alone, each record for itself: not by what type holds them, nor by which others are there.
    private static DataIdentity IdentityOf(Tensor inputs)
    {
        bool isWhole = inputs.dtype == int64;
        using Tensor rows = inputs.to(CPU).to(isWhole ? int64 : float64).reshape(inputs.shape[0], -1).contiguous();
        int size = (int)rows.shape[1];
        (double High, double Low)[] numbers = isWhole
            ? Array.ConvertAll(rows.data<long>().ToArray(), Parts)
            : Array.ConvertAll(rows.data<double>().ToArray(), value => (value, 0.0));
        return DataIdentity.Concat([.. numbers.Chunk(size).Select(IdentityOf)]);
    }

    private static DataIdentity IdentityOf((double High, double Low)[] record)
    {
        if (record.All(number => number.Low == 0 && (double.IsNaN(number.High) || (float)number.High == number.High)))
        {
            return DataIdentity.Of(Array.ConvertAll(record, number => (float)number.High), record.Length);
        }

        double[] parts = [.. record.SelectMany(number => (double[])[Plain(number.High), number.Low])];
        return Split(MemoryMarshal.AsBytes<double>(parts), parts.Length);
    }

    // What a double leaves of a whole number of 64 bits.
    private static (double High, double Low) Parts(long number)
    {
        double high = number;
        return (high, (double)((Int128)number - (Int128)high));
    }

    private static double Plain(double value) => value == 0 ? 0 : double.IsNaN(value) ? double.NaN : value;

    // Numbers that no float holds: four floats each, one for 16 bits, so that different numbers stay different.
    private static DataIdentity Split(ReadOnlySpan<byte> numbers, int size)
    {
        ReadOnlySpan<ushort> pieces = MemoryMarshal.Cast<byte, ushort>(numbers);
        float[] values = new float[pieces.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Piece + pieces[i];
        }

        return DataIdentity.Of(values, size * Pieces);
    }
}
