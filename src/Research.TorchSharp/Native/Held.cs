using TorchSharp;
using static TorchSharp.torch;

namespace Research.TorchSharp.Native;

/// <summary>Operations whose operands live until libtorch has read them.</summary>
/// <remarks>
/// TorchSharp hands libtorch the address of an operand and holds the operand no longer. Where a collection falls into that
/// moment, libtorch reads freed memory: it fails ("Exception raised from toFloat"), or computes with another number. A
/// sum of two tensors is among them: it has a factor of one, made for the call.
/// </remarks>
internal static class Held
{
    private static readonly Scalar One = 1;

    /// <summary>Computes left + right.</summary>
    public static Tensor Plus(Tensor left, Tensor right)
    {
        Tensor sum = left.add(right, One);
        GC.KeepAlive(left);
        GC.KeepAlive(right);
        return sum;
    }

    /// <summary>Computes an operation of a tensor and a number.</summary>
    public static Tensor Apply(Tensor tensor, Scalar number, Func<Tensor, Scalar, Tensor> operation)
    {
        Tensor result = operation(tensor, number);
        GC.KeepAlive(tensor);
        GC.KeepAlive(number);
        return result;
    }
}
