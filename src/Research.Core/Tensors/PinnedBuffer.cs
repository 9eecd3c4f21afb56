using System.Runtime.InteropServices;

namespace Research.Tensors;

/// <summary>Aligned memory whose address holds until <see cref="Dispose"/>, whoever still knows this object.</summary>
/// <remarks>
/// There is no finaliser, on purpose: that this object is collected says nothing about the addresses that it gave. An
/// owner that forgets to dispose of it leaks memory, and nothing worse.
/// </remarks>
/// <typeparam name="T">An element of 1, 2, 4 or 8 bytes.</typeparam>
internal sealed unsafe class PinnedBuffer<T> : IDisposable
    where T : unmanaged
{
    private readonly AlignedBuffer<T> _buffer;
    private readonly T* _pointer;
    private GCHandle<AlignedBuffer<T>> _root;

    /// <param name="length">The number of elements; all are zero at first.</param>
    public PinnedBuffer(long length)
        : this(new AlignedBuffer<T>(length))
    {
    }

    /// <param name="buffer">The memory to hold; others may hold it too.</param>
    public PinnedBuffer(AlignedBuffer<T> buffer)
    {
        _buffer = buffer;
        _root = new GCHandle<AlignedBuffer<T>>(buffer);
        fixed (T* pointer = buffer)
        {
            _pointer = pointer; // Good after this block: the memory never moves, and the root keeps it.
        }
    }

    /// <summary>Gets the number of elements that may be used.</summary>
    public int Length => _buffer.Length;

    /// <summary>Gets the first element; good until <see cref="Dispose"/>.</summary>
    public T* Pointer
    {
        get
        {
            ThrowIfDisposed();
            return _pointer;
        }
    }

    /// <summary>Gets all elements; a span holds the memory by itself.</summary>
    public Span<T> Span
    {
        get
        {
            ThrowIfDisposed();
            return _buffer.Span;
        }
    }

    /// <summary>Lets the memory go; no address may be in use any more.</summary>
    public void Dispose() => _root.Dispose();

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(!_root.IsAllocated, this);
}
