namespace Research.Federation.Program;

/// <summary>How often a loop runs: a constant, or once for each seat.</summary>
/// <param name="Constant">The constant; 0 means the seats.</param>
internal readonly record struct Extent(int Constant)
{
    /// <summary>Seats are counted in blocks of so many: a round's reveals rounded up, the rest absent.</summary>
    public const int SeatBlock = 16;

    /// <summary>The most seats of a round.</summary>
    public const int MostSeats = 1 << 16;

    /// <summary>Once for each seat.</summary>
    public static Extent Seats => new(0);

    /// <summary>Gets whether it runs once for each seat.</summary>
    public bool IsSeats => Constant == 0;

    /// <summary>Gets how often, as a function of the blocks of seats.</summary>
    public Polynomial Count => IsSeats ? new Polynomial(0, SeatBlock) : new Polynomial(Constant);

    /// <summary>Gets how often, for so many seats.</summary>
    public long At(long seats) => IsSeats ? seats : Constant;

    /// <summary>Gets the seats of so many reveals.</summary>
    public static int SeatsOf(int reveals) => (reveals + SeatBlock - 1) / SeatBlock * SeatBlock;

    public static implicit operator Extent(int constant) => constant > 0
        ? new Extent(constant)
        : throw new ArgumentOutOfRangeException(nameof(constant), constant, "Expected a loop that runs once or more.");
}
