using System.Runtime.InteropServices;

namespace Research.Federation.Program.Machine;

/// <summary>Zeroed memory at one address, for as long as it is held.</summary>
internal sealed unsafe class NativeImage : IDisposable
{
    private const nuint Alignment = 64;

    /// <param name="bytes">How many bytes.</param>
    /// <exception cref="OutOfMemoryException">There are not so many.</exception>
    public NativeImage(long bytes)
    {
        Bytes = bytes;
        Start = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), Alignment);
        NativeMemory.Clear(Start, (nuint)bytes);
        GC.AddMemoryPressure(Math.Max(bytes, 1));
    }

    ~NativeImage() => Free();

    /// <summary>Gets the first byte; null once it is let go.</summary>
    public byte* Start { get; private set; }

    /// <summary>Gets how many bytes there are.</summary>
    public long Bytes { get; }

    /// <summary>Makes one of some bytes.</summary>
    public static NativeImage Of(ReadOnlySpan<byte> bytes)
    {
        NativeImage image = new(bytes.Length);
        bytes.CopyTo(new Span<byte>(image.Start, bytes.Length));
        return image;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (Start is not null)
        {
            NativeMemory.AlignedFree(Start);
            GC.RemoveMemoryPressure(Math.Max(Bytes, 1));
            Start = null;
        }
    }
}
