namespace Research.Federation.Program.Machine;

/// <summary>Takes a program's outputs as they are made: leaves on any thread, in any order, each once.</summary>
internal interface ITraceSink
{
    /// <summary>Tells whether outputs of a part of the trace are wanted.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="bytes">How many.</param>
    bool Wants(long address, long bytes);

    /// <summary>Takes some leaves.</summary>
    /// <param name="address">The first byte; a multiple of 128.</param>
    /// <param name="leaves">The bytes, numbers big-endian.</param>
    void Take(long address, ReadOnlySpan<byte> leaves);
}
