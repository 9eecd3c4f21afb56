using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>Convolution of blocks of 16 images side by side, straight from the image, and its two gradients.</summary>
/// <remarks>
/// T = taps of one output (channels × kernel²), P = output positions, O = outputs. An image block is
/// [channels, height, width, 16] with its padding; the element under tap t at position p lies taps[t] + positions[p]
/// floats after its start. Every number is one chain of fused multiply-adds in the order stated, so neither tiles nor
/// vectors change a bit. Tiles repeat their last row or position where they hang over.
/// </remarks>
internal static unsafe class Convolution
{
    private const int TilePositions = 3;

    private static int TileRows =>
        Vector512.IsHardwareAccelerated ? ConvolutionTile512.Rows : ConvolutionTile256.Rows;

    private static int TileOutputs =>
        Vector512.IsHardwareAccelerated ? ConvolutionTile512.Outputs : ConvolutionTile256.Outputs;

    private static int TileTaps =>
        Vector512.IsHardwareAccelerated ? ConvolutionTile512.Taps : ConvolutionTile256.Taps;

    /// <summary>Gets how many floats packed [rows, depth] weights take.</summary>
    public static int PackedLength(int rows, int depth) =>
        ((rows + TileRows - 1) / TileRows * TileRows * depth) + Packing.Slack;

    /// <summary>Packs [rows, depth] weights into tiles.</summary>
    public static void Pack(float* weights, Strides strides, float* packed, int rows, int depth) =>
        Packing.Pack(weights, strides, packed, rows, depth, TileRows);

    /// <summary>y[o, p] = bias[o] + Σ_t weights[o, t] · x[taps[t] + positions[p]], t = 0 … T − 1.</summary>
    /// <param name="weights">Packed [O, T].</param>
    /// <param name="bias">[O].</param>
    /// <param name="x">The image block.</param>
    /// <param name="taps">[T].</param>
    /// <param name="positions">[P].</param>
    /// <param name="y">[O, P, 16].</param>
    /// <param name="outputs">O.</param>
    public static void Forward(
        float* weights,
        float* bias,
        float* x,
        ReadOnlySpan<int> taps,
        ReadOnlySpan<int> positions,
        float* y,
        int outputs)
    {
        float* sums = stackalloc float[ConvolutionTile512.Rows * TilePositions * Lanes.Count];
        int height = TileRows;
        int last = positions.Length - 1;
        for (int p = 0; p < positions.Length; p += TilePositions)
        {
            float* x0 = x + positions[p];
            float* x1 = x + positions[Math.Min(p + 1, last)];
            float* x2 = x + positions[Math.Min(p + 2, last)];
            int width = Math.Min(TilePositions, positions.Length - p) * Lanes.Count;
            for (int row = 0; row < outputs; row += height)
            {
                int present = Math.Min(height, outputs - row);
                for (int i = 0; i < height; i++)
                {
                    Fill(sums + (i * TilePositions * Lanes.Count), bias[row + Math.Min(i, present - 1)]);
                }

                Multiply(weights + ((long)row * taps.Length), x0, x1, x2, taps, sums);
                for (int i = 0; i < present; i++)
                {
                    float* target = y + ((((long)(row + i) * positions.Length) + p) * Lanes.Count);
                    Copy(sums + (i * TilePositions * Lanes.Count), target, width);
                }
            }
        }
    }

    /// <summary>dx[taps[t] + positions[p]] += Σ_o weights[o, t] · dy[o, p], o = 0 … O − 1.</summary>
    /// <remarks>Three positions at a time in order; for these, taps in order, whatever the height of a tile.</remarks>
    /// <param name="weights">Packed [T, O]: the transpose.</param>
    /// <param name="dy">[O, P, 16].</param>
    /// <param name="outputs">Where each output's row of dy begins, [O].</param>
    /// <param name="taps">[T].</param>
    /// <param name="positions">[P].</param>
    /// <param name="dx">The image block, added to.</param>
    public static void Backward(
        float* weights,
        float* dy,
        ReadOnlySpan<int> outputs,
        ReadOnlySpan<int> taps,
        ReadOnlySpan<int> positions,
        float* dx)
    {
        float* sums = stackalloc float[ConvolutionTile512.Rows * TilePositions * Lanes.Count];
        int height = TileRows;
        int last = positions.Length - 1;
        for (int p = 0; p < positions.Length; p += TilePositions)
        {
            float* dy0 = dy + ((long)p * Lanes.Count);
            float* dy1 = dy + ((long)Math.Min(p + 1, last) * Lanes.Count);
            float* dy2 = dy + ((long)Math.Min(p + 2, last) * Lanes.Count);
            int columns = Math.Min(TilePositions, positions.Length - p);
            for (int row = 0; row < taps.Length; row += height)
            {
                int present = Math.Min(height, taps.Length - row);
                new Span<float>(sums, height * TilePositions * Lanes.Count).Clear();
                Multiply(weights + ((long)row * outputs.Length), dy0, dy1, dy2, outputs, sums);
                for (int i = 0; i < present; i++)
                {
                    float* target = dx + taps[row + i];
                    for (int j = 0; j < columns; j++)
                    {
                        float* at = target + positions[p + j];
                        float* sum = sums + (((i * TilePositions) + j) * Lanes.Count);
                        (Vector512.Load(at) + Vector512.Load(sum)).Store(at);
                    }
                }
            }
        }
    }

    /// <summary>gradient[o, t] += Σ_p dy[o, p] · x[taps[t] + positions[p]], p = 0 … P − 1, in each lane.</summary>
    /// <param name="dy">The gradient by the outputs.</param>
    /// <param name="dyRow">Floats from one output to the next there.</param>
    /// <param name="dyStep">Floats from one position to the next there.</param>
    /// <param name="x">The image block.</param>
    /// <param name="taps">[T].</param>
    /// <param name="positions">[P].</param>
    /// <param name="outputs">O.</param>
    /// <param name="gradient">[O, T, 16], added to.</param>
    public static void Differentiate(
        float* dy,
        int dyRow,
        int dyStep,
        float* x,
        ReadOnlySpan<int> taps,
        ReadOnlySpan<int> positions,
        int outputs,
        float* gradient)
    {
        int outputsInTile = TileOutputs;
        int tapsInTile = TileTaps;
        float* sums = stackalloc float[ConvolutionTile512.Outputs * ConvolutionTile512.Taps * Lanes.Count];
        float** rows = stackalloc float*[ConvolutionTile512.Outputs];
        float** columns = stackalloc float*[ConvolutionTile512.Taps];
        for (int tap = 0; tap < taps.Length; tap += tapsInTile)
        {
            int width = Math.Min(tapsInTile, taps.Length - tap);
            for (int i = 0; i < tapsInTile; i++)
            {
                columns[i] = x + taps[tap + Math.Min(i, width - 1)];
            }

            for (int output = 0; output < outputs; output += outputsInTile)
            {
                int present = Math.Min(outputsInTile, outputs - output);
                for (int i = 0; i < outputsInTile; i++)
                {
                    int row = output + Math.Min(i, present - 1);
                    rows[i] = dy + ((long)row * dyRow);
                    float* source = gradient + ((((long)row * taps.Length) + tap) * Lanes.Count);
                    Copy(source, sums + (i * tapsInTile * Lanes.Count), width * Lanes.Count);
                }

                Outer(rows, dyStep, columns, positions, sums);
                for (int i = 0; i < present; i++)
                {
                    float* target = gradient + ((((long)(output + i) * taps.Length) + tap) * Lanes.Count);
                    Copy(sums + (i * tapsInTile * Lanes.Count), target, width * Lanes.Count);
                }
            }
        }
    }

    private static void Multiply(float* a, float* b0, float* b1, float* b2, ReadOnlySpan<int> offsets, float* sums)
    {
        fixed (int* offset = offsets)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                ConvolutionTile512.Multiply(a, b0, b1, b2, offset, offsets.Length, sums);
                return;
            }

            ConvolutionTile256.Multiply(a, b0, b1, b2, offset, offsets.Length, sums);
            ConvolutionTile256.Multiply(a, b0 + 8, b1 + 8, b2 + 8, offset, offsets.Length, sums + 8);
        }
    }

    private static void Outer(float** dy, int dyStep, float** x, ReadOnlySpan<int> positions, float* sums)
    {
        fixed (int* position = positions)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                ConvolutionTile512.Outer(dy, dyStep, x, position, positions.Length, sums);
                return;
            }

            ConvolutionTile256.Outer(dy, dyStep, x, position, positions.Length, sums);
            for (int i = 0; i < ConvolutionTile256.Outputs; i++)
            {
                dy[i] += 8;
            }

            for (int i = 0; i < ConvolutionTile256.Taps; i++)
            {
                x[i] += 8;
            }

            ConvolutionTile256.Outer(dy, dyStep, x, position, positions.Length, sums + 8);
            for (int i = 0; i < ConvolutionTile256.Taps; i++)
            {
                x[i] -= 8; // The taps serve the next outputs too.
            }
        }
    }

    private static void Fill(float* sums, float value)
    {
        Vector512<float> vector = Vector512.Create(value);
        vector.Store(sums);
        vector.Store(sums + Lanes.Count);
        vector.Store(sums + (2 * Lanes.Count));
    }

    private static void Copy(float* source, float* target, int count)
    {
        for (int i = 0; i < count; i += Lanes.Count)
        {
            Vector512.Load(source + i).Store(target + i);
        }
    }
}
