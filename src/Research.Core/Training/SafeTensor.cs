using System.Globalization;
using System.Runtime.InteropServices;

namespace Research.Training;

/// <summary>The element types that <see cref="Safetensors"/> reads and writes.</summary>
public enum SafeTensorType
{
    /// <summary>32-bit IEEE float.</summary>
    F32,

    /// <summary>32-bit signed integer.</summary>
    I32,

    /// <summary>64-bit signed integer.</summary>
    I64,

    /// <summary>64-bit IEEE float.</summary>
    F64,

    /// <summary>8-bit unsigned integer.</summary>
    U8,
}

/// <summary>A named tensor as it lies in a safetensors file: little-endian, row-major.</summary>
/// <param name="Name">Its name, not empty and not <c>__metadata__</c>.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its shape; empty for a single number.</param>
/// <param name="Bytes">Its elements.</param>
public sealed record SafeTensor(string Name, SafeTensorType Type, IReadOnlyList<int> Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Gets the number of elements that the shape asks for.</summary>
    public long Length => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Copies numbers into a tensor.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its elements; float, double, int, long or byte.</param>
    /// <exception cref="NotSupportedException">The element type is none of the five.</exception>
    public static SafeTensor Of<T>(string name, IReadOnlyList<int> shape, ReadOnlySpan<T> values)
        where T : unmanaged => new(name, TypeOf<T>(), shape, LittleEndian<T>(MemoryMarshal.AsBytes(values)));

    /// <summary>Copies the elements out.</summary>
    /// <exception cref="InvalidOperationException">The tensor is of another type.</exception>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        if (TypeOf<T>() != Type)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"Tensor '{Name}': expected {TypeOf<T>()}, got {Type}."));
        }

        return MemoryMarshal.Cast<byte, T>(LittleEndian<T>(Bytes.Span)).ToArray();
    }

    internal static int SizeOf(SafeTensorType type) => type switch
    {
        SafeTensorType.U8 => 1,
        SafeTensorType.I64 or SafeTensorType.F64 => 8,
        _ => 4,
    };

    private static SafeTensorType TypeOf<T>() =>
        typeof(T) == typeof(float) ? SafeTensorType.F32
        : typeof(T) == typeof(double) ? SafeTensorType.F64
        : typeof(T) == typeof(int) ? SafeTensorType.I32
        : typeof(T) == typeof(long) ? SafeTensorType.I64
        : typeof(T) == typeof(byte) ? SafeTensorType.U8
        : throw new NotSupportedException($"Expected float, double, int, long or byte; got {typeof(T)}.");

    private static unsafe byte[] LittleEndian<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged
    {
        byte[] copy = bytes.ToArray();
        for (int at = 0; !BitConverter.IsLittleEndian && at < copy.Length; at += sizeof(T))
        {
            copy.AsSpan(at, sizeof(T)).Reverse();
        }

        return copy;
    }
}
