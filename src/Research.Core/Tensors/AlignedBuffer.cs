using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Research.Tensors;

/// <summary>A buffer whose first element lies on a cache line, so that full-width loads never straddle two.</summary>
/// <remarks>
/// The collector owns the memory, and an address does not keep it. So no property gives one. There are two ways to an
/// address, and neither outlives the memory: <c>fixed (float* p = buffer)</c> holds it for a block of code, and
/// <see cref="Pin"/> until it is told to let go.
/// </remarks>
/// <typeparam name="T">An element of 1, 2, 4 or 8 bytes.</typeparam>
internal sealed unsafe class AlignedBuffer<T>
    where T : unmanaged
{
    private const int Alignment = 64;
    private const int ArrayAlignment = 8; // What the runtime promises of an array's first element.

    private readonly T[] _array;
    private readonly int _offset;

    /// <param name="length">The number of elements; all are zero at first.</param>
    public AlignedBuffer(long length)
    {
        if (ArrayAlignment % sizeof(T) != 0)
        {
            throw new NotSupportedException($"Expected elements of 1, 2, 4 or 8 bytes; got {typeof(T)} of {sizeof(T)}.");
        }

        // Allocated where the collector moves nothing, so that the first element stays on its line.
        _array = GC.AllocateArray<T>(checked((int)(length + (Alignment / sizeof(T)))), pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        _offset = (int)(-address & (Alignment - 1)) / sizeof(T);
        Length = (int)length;
    }

    /// <summary>Gets the number of elements that may be used.</summary>
    public int Length { get; }

    /// <summary>Gets all elements; a span holds the memory by itself.</summary>
    public Span<T> Span => _array.AsSpan(_offset, Length);

    /// <summary>Gets the first element, for <c>fixed</c>.</summary>
    public ref T GetPinnableReference() => ref _array[_offset];

    /// <summary>Holds the memory for an owner whose addresses live longer than a block of code.</summary>
    public PinnedBuffer<T> Pin() => new(this);
}
