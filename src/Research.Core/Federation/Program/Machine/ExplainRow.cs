namespace Research.Federation.Program.Machine;

/// <summary>Squares that count, added up along a row: each output goes on from the one before.</summary>
internal static unsafe class ExplainRow
{
    public static void Run(CompiledStep compiled, in Row row)
    {
        Step step = compiled.Step;
        long before = 0;
        long* output = (long*)row.Output;
        for (int i = 0; i < row.Count; i++)
        {
            long cosine = Rows.One(row.A + (i * row.StrideA), compiled.A.Width);
            Int128 square = (Int128)cosine * cosine;
            Int128 next = before + (square >= Rows.One(row.B + (i * row.StrideB), compiled.B.Width) ? square : 0);
            output[i] = before = (long)Int128.Clamp(next, step.Low, step.High);
        }
    }
}
