using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Research.Training.Data.Scattering;

/// <summary>Sixteen complex numbers, one for each image of a block.</summary>
internal readonly unsafe struct LaneComplex(Vector512<float> re, Vector512<float> im)
{
    /// <summary>Floats of one complex number in memory: sixteen real parts, then sixteen imaginary parts.</summary>
    public const int Floats = 32;

    /// <summary>Images side by side.</summary>
    public const int Lanes = 16;

    public Vector512<float> Re { get; } = re;

    public Vector512<float> Im { get; } = im;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneComplex operator +(LaneComplex a, LaneComplex b) => new(a.Re + b.Re, a.Im + b.Im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneComplex operator -(LaneComplex a, LaneComplex b) => new(a.Re - b.Re, a.Im - b.Im);

    /// <summary>Reads a number; <paramref name="swap"/> is 16 if its parts are to change places, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneComplex Load(float* from, nint swap) =>
        new(Vector512.Load(from + swap), Vector512.Load(from + (swap ^ Lanes)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to, nint swap)
    {
        Re.Store(to + swap);
        Im.Store(to + (swap ^ Lanes));
    }

    /// <summary>Gets this + factor·(−i)·b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneComplex AddTurned(LaneComplex b, Vector512<float> factor) => new(
        Vector512.FusedMultiplyAdd(factor, b.Im, Re), Vector512.FusedMultiplyAdd(-factor, b.Re, Im));

    /// <summary>Gets this + factor·b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneComplex AddScaled(LaneComplex b, Vector512<float> factor) => new(
        Vector512.FusedMultiplyAdd(factor, b.Re, Re), Vector512.FusedMultiplyAdd(factor, b.Im, Im));

    /// <summary>Gets this·(cos − i·sin).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneComplex Turn(Vector512<float> cos, Vector512<float> sin) => new(
        Vector512.FusedMultiplyAdd(Re, cos, Im * sin), Vector512.FusedMultiplyAdd(-Re, sin, Im * cos));
}
