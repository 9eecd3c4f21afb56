namespace Research.Chain.Abi;

/// <summary>Splits a signature into its name and its tuple of types.</summary>
internal static class AbiSignature
{
    public static (string Name, AbiType Inputs) Parse(string signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        int open = signature.IndexOf('(', StringComparison.Ordinal);
        if (open <= 0 || !IsIdentifier(signature.AsSpan(0, open)))
        {
            throw new AbiException(
                $"Expected a signature such as f(uint256), got {Primitives.Hex.Excerpt(signature)}.");
        }

        AbiType inputs = AbiType.Parse(signature[open..]);
        return inputs.Kind == AbiKind.Tuple
            ? (signature[..open], inputs)
            : throw new AbiException(
                $"Expected a signature such as f(uint256), got {Primitives.Hex.Excerpt(signature)}.");
    }

    private static bool IsIdentifier(ReadOnlySpan<char> name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '$'))
            {
                return false;
            }
        }

        return !char.IsAsciiDigit(name[0]);
    }
}
