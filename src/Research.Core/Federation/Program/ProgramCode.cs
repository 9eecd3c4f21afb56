using Research.Federation.Trace;

namespace Research.Federation.Program;

/// <summary>A program as it is committed to: its records and its constants.</summary>
internal sealed class ProgramCode
{
    private ProgramCode(IReadOnlyList<ProgramRecord> records, byte[] constants, ProgramLayout layout)
    {
        Layout = layout;
        Records = records;
        Constants = constants;
        Bytes = new byte[records.Count * ProgramRecord.Bytes];
        for (int i = 0; i < records.Count; i++)
        {
            records[i].Write(Bytes.AsSpan(i * ProgramRecord.Bytes, ProgramRecord.Bytes));
        }

        RecordsRoot = LeafTree.Root(Bytes);
        ConstantsRoot = LeafTree.Root(constants);
        Words = new ProgramWords(RecordsRoot, ConstantsRoot, layout.ToWord());
    }

    /// <summary>Gets the records, in program order.</summary>
    public IReadOnlyList<ProgramRecord> Records { get; }

    /// <summary>Gets the records' bytes, 1,024 each.</summary>
    public byte[] Bytes { get; }

    /// <summary>Gets the constants' bytes.</summary>
    public byte[] Constants { get; }

    /// <summary>Gets the root of the tree over the records.</summary>
    public TreeHash RecordsRoot { get; }

    /// <summary>Gets the root of the tree over the constants.</summary>
    public TreeHash ConstantsRoot { get; }

    /// <summary>Gets how large the trace is, and how deep the trees that it reads.</summary>
    public ProgramLayout Layout { get; }

    /// <summary>Gets keccak-256 of both roots and the layout: the program's root.</summary>
    public TreeHash Root => Words.Root;

    /// <summary>Gets what is hashed to the root.</summary>
    public ProgramWords Words { get; }

    /// <summary>Gets the code of a program.</summary>
    public static ProgramCode Of(ScoringProgram program) =>
        new(
            [.. program.Draft.Steps.Select(ProgramRecord.Of)],
            program.Draft.Constants.ToArray(),
            ProgramLayout.Of(program));
}
