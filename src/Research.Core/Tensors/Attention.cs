using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>One head of scaled dot-product attention on 16 sequences side by side, and its gradient.</summary>
/// <remarks>
/// T = positions, D = size of all heads, d = depth of this one. q, k and v lie in one block [T, 3, D, 16], of which the
/// address is that of this head's first q. Every number is one chain of fused multiply-adds, first to last.
/// </remarks>
internal static unsafe class Attention
{
    private const int Tile = 4; // sums at a time: independent chains, one load shared

    /// <summary>Computes the weights p = softmax(q·kᵀ/√d) and y = p·v.</summary>
    /// <param name="qkv">This head's part of [T, 3, D, 16].</param>
    /// <param name="size">D.</param>
    /// <param name="depth">d.</param>
    /// <param name="positions">T.</param>
    /// <param name="isCausal">Whether position t sees only 0 … t.</param>
    /// <param name="weights">Receives p, [T, T, 16]; what a position does not see is left as it is.</param>
    /// <param name="y">This head's part of [T, D, 16].</param>
    public static void Forward(
        float* qkv, int size, int depth, int positions, bool isCausal, float* weights, float* y)
    {
        long step = 3L * size * Lanes.Count;
        float* k = qkv + ((long)size * Lanes.Count);
        float* v = k + ((long)size * Lanes.Count);
        float scale = (float)(1 / Math.Sqrt(depth));
        for (int t = 0; t < positions; t++)
        {
            int seen = isCausal ? t + 1 : positions;
            float* row = weights + ((long)t * positions * Lanes.Count);
            Dots(qkv + (t * step), k, step, seen, depth, scale, row);
            Softmax(row, seen);
            WeightedSum(row, Lanes.Count, v, step, seen, depth, 1, y + ((long)t * size * Lanes.Count));
        }
    }

    /// <summary>Computes the gradients by q, k and v, given that by y.</summary>
    /// <param name="qkv">As in <see cref="Forward"/>, as the others of the same name.</param>
    /// <param name="size">D.</param>
    /// <param name="depth">d.</param>
    /// <param name="positions">T.</param>
    /// <param name="isCausal">Whether position t sees only 0 … t.</param>
    /// <param name="weights">p, [T, T, 16].</param>
    /// <param name="dy">This head's part of [T, D, 16].</param>
    /// <param name="scratch">[T, T, 16].</param>
    /// <param name="dqkv">Receives this head's part of [T, 3, D, 16].</param>
    public static void Backward(
        float* qkv,
        int size,
        int depth,
        int positions,
        bool isCausal,
        float* weights,
        float* dy,
        float* scratch,
        float* dqkv)
    {
        long step = 3L * size * Lanes.Count;
        long dyStep = (long)size * Lanes.Count;
        long line = (long)positions * Lanes.Count;
        float* k = qkv + dyStep;
        float* v = k + dyStep;
        float scale = (float)(1 / Math.Sqrt(depth));
        for (int t = 0; t < positions; t++)
        {
            int seen = isCausal ? t + 1 : positions;
            float* row = scratch + (t * line);
            Dots(dy + (t * dyStep), v, step, seen, depth, 1, row);
            SoftmaxBackward(weights + (t * line), row, seen);
            WeightedSum(row, Lanes.Count, k, step, seen, depth, scale, dqkv + (t * step));
        }

        for (int s = 0; s < positions; s++)
        {
            int first = isCausal ? s : 0; // who sees position s
            int seeing = positions - first;
            long column = (first * line) + ((long)s * Lanes.Count);
            float* dk = dqkv + (s * step) + dyStep;
            WeightedSum(scratch + column, line, qkv + (first * step), step, seeing, depth, scale, dk);
            WeightedSum(weights + column, line, dy + (first * dyStep), dyStep, seeing, depth, 1, dk + dyStep);
        }
    }

    // dots[s] = scale · Σ_i a[i]·b[s, i]
    private static void Dots(float* a, float* b, long step, int count, int depth, float scale, float* dots)
    {
        Vector512<float> factor = Vector512.Create(scale);
        int s = 0;
        for (; s <= count - Tile; s += Tile, b += Tile * step, dots += Tile * Lanes.Count)
        {
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            for (long i = 0; i < (long)depth * Lanes.Count; i += Lanes.Count)
            {
                Vector512<float> left = Vector512.Load(a + i);
                s0 = Vector512.FusedMultiplyAdd(left, Vector512.Load(b + i), s0);
                s1 = Vector512.FusedMultiplyAdd(left, Vector512.Load(b + step + i), s1);
                s2 = Vector512.FusedMultiplyAdd(left, Vector512.Load(b + (2 * step) + i), s2);
                s3 = Vector512.FusedMultiplyAdd(left, Vector512.Load(b + (3 * step) + i), s3);
            }

            (s0 * factor).Store(dots);
            (s1 * factor).Store(dots + Lanes.Count);
            (s2 * factor).Store(dots + (2 * Lanes.Count));
            (s3 * factor).Store(dots + (3 * Lanes.Count));
        }

        for (; s < count; s++, b += step, dots += Lanes.Count)
        {
            Vector512<float> sum = Vector512<float>.Zero;
            for (long i = 0; i < (long)depth * Lanes.Count; i += Lanes.Count)
            {
                sum = Vector512.FusedMultiplyAdd(Vector512.Load(a + i), Vector512.Load(b + i), sum);
            }

            (sum * factor).Store(dots);
        }
    }

    // sums[i] = scale · Σ_s weights[s]·values[s, i]
    private static void WeightedSum(
        float* weights, long weightStep, float* values, long step, int count, int depth, float scale, float* sums)
    {
        Vector512<float> factor = Vector512.Create(scale);
        int i = 0;
        for (; i <= depth - Tile; i += Tile, values += Tile * Lanes.Count, sums += Tile * Lanes.Count)
        {
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            float* value = values;
            for (int s = 0; s < count; s++, value += step)
            {
                Vector512<float> weight = Vector512.Load(weights + (s * weightStep));
                s0 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(value), s0);
                s1 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(value + Lanes.Count), s1);
                s2 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(value + (2 * Lanes.Count)), s2);
                s3 = Vector512.FusedMultiplyAdd(weight, Vector512.Load(value + (3 * Lanes.Count)), s3);
            }

            (s0 * factor).Store(sums);
            (s1 * factor).Store(sums + Lanes.Count);
            (s2 * factor).Store(sums + (2 * Lanes.Count));
            (s3 * factor).Store(sums + (3 * Lanes.Count));
        }

        for (; i < depth; i++, values += Lanes.Count, sums += Lanes.Count)
        {
            Vector512<float> sum = Vector512<float>.Zero;
            for (int s = 0; s < count; s++)
            {
                sum = Vector512.FusedMultiplyAdd(
                    Vector512.Load(weights + (s * weightStep)), Vector512.Load(values + (s * step)), sum);
            }

            (sum * factor).Store(sums);
        }
    }

    private static void Softmax(float* row, int count)
    {
        Vector512<float> largest = Vector512.Load(row);
        for (long i = Lanes.Count; i < (long)count * Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> value = Vector512.Load(row + i);
            largest = Vector512.ConditionalSelect(Vector512.GreaterThan(value, largest), value, largest);
        }

        Vector512<float> sum = Vector512<float>.Zero;
        for (long i = 0; i < (long)count * Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> power = Exponential.Vector(Vector512.Load(row + i) - largest);
            power.Store(row + i);
            sum += power;
        }

        for (long i = 0; i < (long)count * Lanes.Count; i += Lanes.Count)
        {
            (Vector512.Load(row + i) / sum).Store(row + i);
        }
    }

    // row = p·(row − Σ p·row)
    private static void SoftmaxBackward(float* weights, float* row, int count)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        for (long i = 0; i < (long)count * Lanes.Count; i += Lanes.Count)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(weights + i), Vector512.Load(row + i), sum);
        }

        for (long i = 0; i < (long)count * Lanes.Count; i += Lanes.Count)
        {
            (Vector512.Load(weights + i) * (Vector512.Load(row + i) - sum)).Store(row + i);
        }
    }
}
