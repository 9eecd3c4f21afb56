using static TorchSharp.torch;

namespace Research.TorchSharp.Probing;

/// <summary>Random records that a module takes as it takes the real ones.</summary>
/// <remarks>
/// Uniform from the examples' least number to their largest; of whole numbers both occur. Nothing of it is released.
/// </remarks>
internal sealed class RandomRecords(TorchExamples examples)
{
    /// <summary>Draws inputs and targets.</summary>
    /// <param name="count">B.</param>
    /// <param name="seed">The same seed gives the same records.</param>
    public (Tensor Inputs, Tensor Targets) Draw(int count, ulong seed)
    {
        using Generator generator = new(seed);
        return (Like(examples.Inputs, count, generator), Like(examples.Targets, count, generator));
    }

    private static Tensor Like(Tensor real, int count, Generator generator)
    {
        long[] shape = [count, .. real.shape[1..]];
        if (real.dtype == @bool)
        {
            return randint(0, 2, shape, dtype: int64, generator: generator).to(@bool).to(real.device);
        }

        if (real.is_floating_point())
        {
            (double low, double high) = Range(real);
            Tensor unit = rand(shape, dtype: float64, generator: generator);
            return (unit * (high - low) + low).to(real.dtype, real.device);
        }

        long least = real.min().to(int64).item<long>();
        long largest = real.max().to(int64).item<long>();
        Tensor whole = randint(least, checked(largest + 1), shape, dtype: int64, generator: generator);
        Tensor flat = whole.reshape(-1);
        flat.narrow(0, 0, 1).fill_(largest);
        flat.narrow(0, flat.shape[0] - 1, 1).fill_(least);
        return whole.to(real.dtype, real.device);
    }

    private static (double Low, double High) Range(Tensor real)
    {
        Tensor finite = real.nan_to_num(0, 0, 0);
        (double low, double high) =
            (finite.min().to(float64).item<double>(), finite.max().to(float64).item<double>());
        return low < high ? (low, high) : (low - 1, high + 1);
    }
}
