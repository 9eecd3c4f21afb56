using Research.TorchSharp.Gradients;
using Research.TorchSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Research.TorchSharp.Probing;

/// <summary>Random records that a module takes as it takes the real ones.</summary>
/// <remarks>
/// Uniform over public ranges: nothing that is decided on them tells of the records. Where nobody gives the ranges,
/// inputs lie in [−1, 1], targets in [0, 1], and whole numbers go from 0 to the largest that the losses take.
/// </remarks>
internal sealed class RandomRecords
{
    private const int MostWhole = 1 << 20;
    private const int Unbounded = 255; // Of whole numbers that nothing looks up.

    private readonly TorchExamples _examples;

    /// <summary>Finds the ranges.</summary>
    /// <param name="examples">Their shapes and types count; of whole numbers it is checked that they are taken.</param>
    /// <param name="losses">The losses.</param>
    /// <param name="options">The ranges that were given.</param>
    /// <param name="rows">How many records to try at once.</param>
    /// <exception cref="ArgumentException">The losses cannot be computed, of zeros or of the examples' extremes; or
    /// trying would break the device.</exception>
    public RandomRecords(TorchExamples examples, ExampleLosses losses, TorchOptions options, int rows)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable still = no_grad();
        _examples = examples;
        Tensor noInputs = Filled(examples.Inputs, rows, 0);
        Tensor noTargets = Filled(examples.Targets, rows, options.TargetRange?.Least ?? 0);
        Inputs = options.InputRange ?? Find(
            examples.Inputs, nameof(options.InputRange), new(-1, 1), rows, inputs => losses.Of(inputs, noTargets));
        Targets = options.TargetRange ?? Find(
            examples.Targets, nameof(options.TargetRange), new(0, 1), rows, targets => losses.Of(noInputs, targets));
    }

    /// <summary>Gets the range of the inputs.</summary>
    public ValueRange Inputs { get; }

    /// <summary>Gets the range of the targets.</summary>
    public ValueRange Targets { get; }

    /// <summary>Draws records.</summary>
    /// <param name="count">B.</param>
    /// <param name="seed">The same seed gives the same records.</param>
    public ProbeBatch Draw(int count, ulong seed)
    {
        using Generator generator = new(seed);
        return new ProbeBatch(
            Like(_examples.Inputs, count, Inputs, generator),
            Like(_examples.Targets, count, Targets, generator),
            [.. Enumerable.Range(0, count).Select(row => ((long)seed * 1000) + row)]);
    }

    private static ValueRange Find(
        Tensor real, string option, ValueRange usual, int rows, Func<Tensor, Tensor> losses)
    {
        if (real.dtype == @bool || real.is_floating_point())
        {
            return usual;
        }

        if (real.device_type != DeviceType.CPU)
        {
            throw new ArgumentException(
                $"Expected TorchOptions.{option} for whole numbers on {real.device}: trying which the module takes "
                + "would break the device.");
        }

        losses(Filled(real, rows, 0)); // Says what is wrong with shapes.
        int most = Most(real.dtype);
        int largest = LargestTaken(value => Takes(losses, Filled(real, rows, value)), most);
        if (largest == most)
        {
            return new ValueRange(0, Math.Min(most, Unbounded));
        }

        (long low, long high) = (real.min().to(int64).item<long>(), real.max().to(int64).item<long>());
        return low >= 0 && high <= largest
            ? new ValueRange(0, largest)
            : throw new ArgumentException(
                $"Expected whole numbers of 0 to {largest}, which the losses take; got {(low < 0 ? low : high)} "
                + $"(a label out of range? TorchOptions.{option} says what else is meant).");
    }

    private static int LargestTaken(Func<int, bool> takes, int most)
    {
        int taken = 0;
        int refused = 1;
        while (refused <= most && takes(refused))
        {
            (taken, refused) = (refused, 2 * refused);
        }

        if (refused > most)
        {
            return most;
        }

        while (refused - taken > 1)
        {
            int middle = taken + ((refused - taken) / 2);
            (taken, refused) = takes(middle) ? (middle, refused) : (taken, middle);
        }

        return taken;
    }

    private static bool Takes(Func<Tensor, Tensor> losses, Tensor values)
    {
        try
        {
            using DisposeScope scope = NewDisposeScope();
            losses(values);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            return false;
        }
    }

    private static int Most(ScalarType type) => type switch
    {
        ScalarType.Byte => byte.MaxValue,
        ScalarType.Int8 => sbyte.MaxValue,
        ScalarType.Int16 => short.MaxValue,
        _ => MostWhole,
    };

    private static Tensor Filled(Tensor real, int rows, double value) =>
        full([rows, .. real.shape[1..]], value, dtype: real.dtype, device: real.device);

    private static Tensor Like(Tensor real, int count, ValueRange range, Generator generator)
    {
        long[] shape = [count, .. real.shape[1..]];
        if (real.dtype == @bool)
        {
            return randint(0, 2, shape, dtype: int64, generator: generator).to(@bool).to(real.device);
        }

        if (real.is_floating_point())
        {
            Tensor unit = rand(shape, dtype: float64, generator: generator);
            Tensor wide = Held.Apply(unit, range.Largest - range.Least, (part, width) => part * width);
            return Held.Apply(wide, range.Least, (part, least) => part + least).to(real.dtype).to(real.device);
        }

        (long least, long largest) = ((long)range.Least, (long)range.Largest);
        Tensor whole = randint(least, checked(largest + 1), shape, dtype: int64, generator: generator);
        Tensor flat = whole.reshape(-1);
        flat.narrow(0, 0, 1).fill_(largest);
        flat.narrow(0, flat.shape[0] - 1, 1).fill_(least);
        return whole.to(real.dtype).to(real.device);
    }
}
