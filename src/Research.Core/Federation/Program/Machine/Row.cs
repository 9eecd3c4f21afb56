namespace Research.Federation.Program.Machine;

/// <summary>A row of outputs: where it goes, and where each output's operands lie.</summary>
internal readonly unsafe struct Row(
    byte* a,
    byte* b,
    byte* c,
    long strideA,
    long strideB,
    long strideC,
    byte* output,
    int count,
    int loop,
    long address)
{
    public byte* A => a;

    public byte* B => b;

    public byte* C => c;

    public long StrideA => strideA;

    public long StrideB => strideB;

    public long StrideC => strideC;

    public byte* Output => output;

    /// <summary>Gets how many outputs there are.</summary>
    public int Count => count;

    /// <summary>Gets the loop that the row goes along.</summary>
    public int Loop => loop;

    /// <summary>Gets the address of the first output, behind the roster.</summary>
    public long Address => address;
}
