namespace Research.Tensors;

/// <summary>How a square window slides over an image [channels, height, width].</summary>
internal readonly record struct ImageWindow(int Channels, int Height, int Width, int Kernel, int Stride, int Padding)
{
    public int OutputHeight => ((Height + (2 * Padding) - Kernel) / Stride) + 1;

    public int OutputWidth => ((Width + (2 * Padding) - Kernel) / Stride) + 1;

    /// <summary>Gets the number of places where the window stands.</summary>
    public int Positions => OutputHeight * OutputWidth;

    /// <summary>Gets the number of image elements in one window over all channels.</summary>
    public int Taps => Channels * Kernel * Kernel;

    public int ImageLength => Channels * Height * Width;
}
