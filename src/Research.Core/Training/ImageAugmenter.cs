namespace Research.Training;

/// <summary>Shifts and mirrors images by a choice that is a pure function of seed, step, copy and the image itself.
/// </summary>
/// <remarks>
/// Not of the image's place in the batch: a record that joins the batch moves the others, and if that changed their
/// copies it would change their gradients too, so that one record's share of the sum would have no bound.
/// </remarks>
/// <param name="augmentation">What may change.</param>
/// <param name="shape">[channels, height, width].</param>
/// <param name="seed">The specification's seed.</param>
internal sealed class ImageAugmenter(Augmentation augmentation, IReadOnlyList<int> shape, long seed)
{
    private const ulong StepWeight = 0x9E37_79B9_7F4A_7C15; // Odd constants: SplitMix64's own, and one of xxHash's.
    private const ulong CopyWeight = 0x1656_67B1_9E37_79F9;
    private const ulong HashPrime = 0x0000_0100_0000_01B3;  // FNV-1a's

    private readonly int _height = shape.Count == 3 ? shape[1] : 1;
    private readonly int _width = shape.Count == 3 ? shape[2] : 1;

    /// <summary>Gets whether images stay as they are.</summary>
    public bool IsIdentity => augmentation is { Shift: 0, Flip: false };

    /// <summary>Hashes an image's bits (FNV-1a over whole floats): it need only spread well.</summary>
    public static ulong Hash(ReadOnlySpan<float> image)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325;
        for (int i = 0; i < image.Length; i++)
        {
            hash = (hash ^ BitConverter.SingleToUInt32Bits(image[i])) * HashPrime;
        }

        return hash;
    }

    /// <summary>Writes one changed copy of an image; what comes in from outside is zero.</summary>
    /// <param name="image">[channels, height, width].</param>
    /// <param name="hash">The image's hash.</param>
    /// <param name="step">The step, from 1.</param>
    /// <param name="copy">Which copy.</param>
    /// <param name="changed">Receives the copy.</param>
    public void Change(ReadOnlySpan<float> image, ulong hash, long step, int copy, Span<float> changed)
    {
        ulong counter = hash ^ ((ulong)step * StepWeight) ^ ((ulong)copy * CopyWeight);
        ulong bits = SeededGenerator.Mix((ulong)seed ^ SeededGenerator.Mix(counter));
        ulong range = (2 * (ulong)augmentation.Shift) + 1;
        int down = (int)(((bits & 0xFFFF_FFFF) * range) >> 32) - augmentation.Shift;
        int right = (int)(((bits >> 33) * range) >> 31) - augmentation.Shift;
        bool flip = augmentation.Flip && (bits & (1UL << 32)) != 0;
        int lines = image.Length / _width;
        for (int line = 0; line < lines; line++)
        {
            Span<float> target = changed.Slice(line * _width, _width);
            int from = (line % _height) - down;
            if (from < 0 || from >= _height)
            {
                target.Clear();
                continue;
            }

            Line(image.Slice((line - down) * _width, _width), target, right, flip);
        }
    }

    private void Line(ReadOnlySpan<float> source, Span<float> target, int right, bool flip)
    {
        for (int x = 0; x < _width; x++)
        {
            int from = x - right;
            bool inside = from >= 0 && from < _width;
            target[x] = !inside ? 0 : source[flip ? _width - 1 - from : from];
        }
    }
}
