using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Research.Training;

/// <summary>
/// Shifts and mirrors images by a counter-based choice: a pure function of seed, step, image and copy.
/// </summary>
/// <remarks>
/// The choice must not depend on where an example stands in its batch: whether another record is in the batch would
/// then change this one's gradient, and the sum would move by more than the clip norm. So the image itself is a
/// counter.
/// </remarks>
/// <param name="augmentation">What may change.</param>
/// <param name="shape">[channels, height, width].</param>
/// <param name="seed">The specification's seed.</param>
internal sealed class ImageAugmenter(Augmentation augmentation, IReadOnlyList<int> shape, long seed)
{
    private const ulong StepWeight = 0x9E37_79B9_7F4A_7C15;    // odd constants: SplitMix64's own, and two of
    private const ulong ImageWeight = 0xC2B2_AE3D_27D4_EB4F; // xxHash's primes
    private const ulong CopyWeight = 0x1656_67B1_9E37_79F9;
    private const uint FingerprintFactor = 0x9E37_79B1;        // another

    private readonly int _height = shape.Count == 3 ? shape[1] : 1;
    private readonly int _width = shape.Count == 3 ? shape[2] : 1;

    /// <summary>Gets whether images stay as they are.</summary>
    public bool IsIdentity => augmentation is { Shift: 0, Flip: false };

    /// <summary>Gets a number that follows from an image alone; equal images may share their changes.</summary>
    /// <remarks>It need only spread well: privacy does not rest on it.</remarks>
    public static ulong Fingerprint(ReadOnlySpan<float> image)
    {
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(image);
        Vector512<uint> lanes = Vector512<uint>.Zero;
        int i = 0;
        for (; i <= bits.Length - Vector512<uint>.Count; i += Vector512<uint>.Count)
        {
            lanes = (lanes ^ Vector512.Create(bits[i..])) * Vector512.Create(FingerprintFactor);
            lanes ^= Vector512.ShiftRightLogical(lanes, 15);
        }

        ulong fingerprint = (ulong)bits.Length;
        for (int lane = 0; lane < Vector512<uint>.Count; lane++)
        {
            fingerprint = SeededGenerator.Mix(fingerprint ^ lanes[lane]);
        }

        for (; i < bits.Length; i++)
        {
            fingerprint = SeededGenerator.Mix(fingerprint ^ bits[i]);
        }

        return fingerprint;
    }

    /// <summary>Writes one changed copy of an image; what comes in from outside is zero.</summary>
    /// <param name="image">[channels, height, width].</param>
    /// <param name="step">The step, from 1.</param>
    /// <param name="fingerprint">The image's own <see cref="Fingerprint"/>.</param>
    /// <param name="copy">Which copy.</param>
    /// <param name="changed">Receives the copy.</param>
    public void Change(ReadOnlySpan<float> image, long step, ulong fingerprint, int copy, Span<float> changed)
    {
        ulong counter = ((ulong)step * StepWeight) ^ (fingerprint * ImageWeight) ^ ((ulong)copy * CopyWeight);
        ulong bits = SeededGenerator.Mix((ulong)seed ^ counter);
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
