namespace Research.Federation.Program;

/// <summary>Who takes part: the entries of a round's reveals, each held to its hash in the one before it.</summary>
/// <remarks>
/// The market keeps one word of a round's reveals, a hash chain from the first to the last. So seats count backwards:
/// reveal i sits in seat N − 1 − i, and the entry of a seat names the hash of the next one.
/// </remarks>
internal sealed class RosterPart
{
    /// <summary>Where an entry has its index, of 8 bytes.</summary>
    public const int IndexAt = 24;

    /// <summary>Where an entry has the block of its commitment, of 8 bytes.</summary>
    public const int BlockAt = 120;

    public RosterPart(Draft draft)
    {
        StepReference before = new();
        Entries = draft.Add(new Step(draft.Root, StepKind.Entry, Step.Leaf, [Extent.Seats])
        {
            Name = "roster",
            A = new Operand { Made = before, Width = Step.Leaf, Strides = [1], CarriedAlong = 0 },
        });
        before.Step = Entries;
    }

    /// <summary>Gets the entries, [seats] of 128 bytes: the roster before and the index, participant, root of the update,
    /// and block of the commitment, 32 bytes each.</summary>
    public Step Entries { get; }

    /// <summary>Gets the bytes of the roster, with which a trace begins. Coins and noise follow from where an output lies
    /// behind it, so that nobody chooses others by one reveal more.</summary>
    public static long BytesOf(int seats) => (long)seats * Step.Leaf;

    /// <summary>Gets the index of a seat's reveal.</summary>
    /// <param name="seats">The loop over seats.</param>
    public Operand Index(Loop seats) => Number(seats, IndexAt);

    /// <summary>Gets the block of a seat's commitment.</summary>
    /// <param name="seats">The loop over seats.</param>
    public Operand Block(Loop seats) => Number(seats, BlockAt);

    private Operand Number(Loop seats, int at) => new()
    {
        Made = new StepReference { Step = Entries },
        Width = sizeof(long),
        Offset = at / sizeof(long),
        Around = [(seats, Step.Leaf / sizeof(long))],
    };
}
