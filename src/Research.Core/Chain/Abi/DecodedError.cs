namespace Research.Chain.Abi;

/// <summary>Why a contract reverted, in its own words.</summary>
/// <param name="Name">The error's name; <c>Error</c> for a message and <c>Panic</c> for what
/// Solidity checks itself.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record DecodedError(string Name, IReadOnlyList<AbiArgument> Arguments)
{
    /// <summary>Gets the error as Solidity would write it, with the arguments' names.</summary>
    public override string ToString()
    {
        string text = $"{Name}({string.Join(", ", Arguments)})";
        return Name == "Panic" && Arguments.Count == 1 && Meaning(Arguments[0].Value) is string meaning
            ? $"{text}: {meaning}"
            : text;
    }

    // Source: Solidity 0.8.37 documentation, "Panic via assert and Error via require".
    private static string? Meaning(object code) =>
        code is not System.Numerics.BigInteger number || number > 0xFF
            ? null
            : (int)number switch
            {
                0x01 => "an assertion failed",
                0x11 => "arithmetic overflow or underflow",
                0x12 => "division by zero",
                0x21 => "a number that is no member of the enum",
                0x22 => "a storage byte array that is encoded wrongly",
                0x31 => "pop on an empty array",
                0x32 => "array index out of bounds",
                0x41 => "too much memory was asked for",
                0x51 => "a call of an uninitialised internal function",
                _ => null,
            };
}
