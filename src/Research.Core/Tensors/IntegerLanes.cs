using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Research.Tensors;

/// <summary>Sums of whole numbers over blocks of 16 examples: exact, so no order, width or thread changes a bit.</summary>
internal static unsafe class IntegerLanes
{
    /// <summary>Adds factor · value, rounded toward zero, lane by lane: rounding so never raises a norm.</summary>
    /// <param name="values">[count, 16].</param>
    /// <param name="factors">16 factors; where one is 0 nothing is added whatever the value holds.</param>
    /// <param name="sums">[count, 16].</param>
    /// <param name="count">Vectors.</param>
    public static void AddTruncated(float* values, float* factors, int* sums, int count)
    {
        Vector512<float> factor = Vector512.Load(factors);
        Vector512<float> dropped = Vector512.Equals(factor, Vector512<float>.Zero);
        if (dropped == Vector512<float>.Zero)
        {
            for (long i = 0; i < (long)count * Lanes.Count; i += Lanes.Count)
            {
                Vector512<int> steps = Vector512.ConvertToInt32Native(Vector512.Load(values + i) * factor);
                (Vector512.Load(sums + i) + steps).Store(sums + i);
            }

            return;
        }

        for (long i = 0; i < (long)count * Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> value = Vector512.AndNot(Vector512.Load(values + i) * factor, dropped);
            (Vector512.Load(sums + i) + Vector512.ConvertToInt32Native(value)).Store(sums + i);
        }
    }

    /// <summary>Adds the sum of the 16 lanes of each vector.</summary>
    /// <param name="values">[count, 16].</param>
    /// <param name="count">Vectors.</param>
    /// <param name="sums">Count numbers, added to.</param>
    [SkipLocalsInit]
    public static void AddReduced(int* values, int count, long* sums)
    {
        int* turned = stackalloc int[Lanes.Count * Lanes.Count];
        float** tile = stackalloc float*[Lanes.Count];
        int tiled = count / Lanes.Count * Lanes.Count;
        for (int i = 0; i < tiled; i += Lanes.Count)
        {
            for (int j = 0; j < Lanes.Count; j++)
            {
                tile[j] = (float*)(values + ((long)(i + j) * Lanes.Count));
            }

            Transpose.Tile(tile, (float*)turned, Lanes.Count);
            Vector512<long> low = Vector512.Load(sums + i);
            Vector512<long> high = Vector512.Load(sums + i + Vector512<long>.Count);
            for (int lane = 0; lane < Lanes.Count; lane++)
            {
                (Vector512<long> first, Vector512<long> second) = Vector512.Widen(Vector512.Load(turned + (lane * Lanes.Count)));
                low += first;
                high += second;
            }

            low.Store(sums + i);
            high.Store(sums + i + Vector512<long>.Count);
        }

        for (int i = tiled; i < count; i++)
        {
            for (int lane = 0; lane < Lanes.Count; lane++)
            {
                sums[i] += values[((long)i * Lanes.Count) + lane];
            }
        }
    }

    /// <summary>Adds source to sums and clears it.</summary>
    public static void Move(Span<long> source, Span<long> sums)
    {
        ref long from = ref System.Runtime.InteropServices.MemoryMarshal.GetReference(source);
        ref long to = ref System.Runtime.InteropServices.MemoryMarshal.GetReference(sums);
        int i = 0;
        for (; i <= source.Length - Vector512<long>.Count; i += Vector512<long>.Count)
        {
            Vector512<long> sum = Vector512.LoadUnsafe(ref to, (nuint)i) + Vector512.LoadUnsafe(ref from, (nuint)i);
            sum.StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < source.Length; i++)
        {
            sums[i] += source[i];
        }

        source.Clear();
    }
}
