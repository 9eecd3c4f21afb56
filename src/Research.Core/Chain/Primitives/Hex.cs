namespace Research.Chain.Primitives;

/// <summary>Hexadecimal text as Ethereum writes it: <c>0x</c>, then two digits a byte.</summary>
public static class Hex
{
    /// <summary>Writes bytes as lower-case hex with <c>0x</c> in front.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>Reads hex of either case; the <c>0x</c> in front may be missing.</summary>
    /// <exception cref="FormatException">A character is not a hex digit, or the count of digits is odd.</exception>
    public static byte[] Decode(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> digits = WithoutPrefix(text);
        return digits.Length % 2 == 0
            ? Convert.FromHexString(digits)
            : throw new FormatException($"Expected an even number of hex digits, got {digits.Length}.");
    }

    internal static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;

    /// <summary>
    /// Reads exactly as many bytes as <paramref name="destination"/> holds; says what was expected otherwise.
    /// </summary>
    internal static bool TryDecodeExactly(ReadOnlySpan<char> text, Span<byte> destination)
    {
        ReadOnlySpan<char> digits = WithoutPrefix(text);
        return digits.Length == destination.Length * 2
            && Convert.FromHexString(digits, destination, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    /// <summary>Shortens untrusted text for an error message.</summary>
    internal static string Excerpt(ReadOnlySpan<char> text) =>
        text.Length <= 80 ? $"\"{text}\"" : $"\"{text[..80]}…\" ({text.Length} characters)";
}
