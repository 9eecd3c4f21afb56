using System.Runtime.CompilerServices;

namespace Research.Tensors;

/// <summary>
/// A pinned float buffer whose first element lies on a cache line, so that full-width loads never straddle two.
/// </summary>
internal sealed unsafe class AlignedBuffer
{
    private const int Alignment = 64;

    private float[] _array = [];

    public AlignedBuffer(long length = 0) => EnsureLength(length);

    /// <summary>Gets the number of floats that may be used.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the first element; valid as long as this object lives, since the array is pinned.</summary>
    public float* Pointer { get; private set; }

    public Span<float> Span => new(Pointer, Length);

    /// <summary>Grows the buffer; contents are lost when it grows.</summary>
    public void EnsureLength(long length)
    {
        if (length <= Length && _array.Length > 0)
        {
            return;
        }

        int capacity = checked((int)(length + (Alignment / sizeof(float))));
        _array = GC.AllocateArray<float>(capacity, pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref _array[0]);
        Pointer = (float*)((address + Alignment - 1) & ~(nint)(Alignment - 1));
        Length = (int)length;
    }
}
