namespace Research.Tensors;

/// <summary>
/// A register block of a matrix product: a static strategy, so that the product is compiled once for each.
/// </summary>
internal unsafe interface IRegisterBlock
{
    static abstract int Rows { get; }

    /// <summary>Gets the width; a block is two vectors wide, left and right, and these may lie apart.</summary>
    static abstract int Columns { get; }

    static abstract void Multiply(
        float* a, float* b, int bStep, nint bRight, float* c, int cStep, nint cRight, int k);
}

/// <summary>512-bit vectors.</summary>
internal readonly unsafe struct Wide : IRegisterBlock
{
    public static int Rows => Block512.Rows;

    public static int Columns => Block512.Columns;

    public static void Multiply(
        float* a, float* b, int bStep, nint bRight, float* c, int cStep, nint cRight, int k) =>
        Block512.Multiply(a, b, bStep, bRight, c, cStep, cRight, k);
}

/// <summary>256-bit vectors.</summary>
internal readonly unsafe struct Medium : IRegisterBlock
{
    public static int Rows => Block256.Rows;

    public static int Columns => Block256.Columns;

    public static void Multiply(
        float* a, float* b, int bStep, nint bRight, float* c, int cStep, nint cRight, int k) =>
        Block256.Multiply(a, b, bStep, bRight, c, cStep, cRight, k);
}

/// <summary>128-bit vectors.</summary>
internal readonly unsafe struct Narrow : IRegisterBlock
{
    public static int Rows => Block128.Rows;

    public static int Columns => Block128.Columns;

    public static void Multiply(
        float* a, float* b, int bStep, nint bRight, float* c, int cStep, nint cRight, int k) =>
        Block128.Multiply(a, b, bStep, bRight, c, cStep, cRight, k);
}
