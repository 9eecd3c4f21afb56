using System.Globalization;

namespace Research.Chain.Abi;

/// <summary>A Solidity ABI type, as a tree.</summary>
/// <remarks>
/// Source: Contract ABI Specification, Solidity 0.8.37, sections "Types" and "Formal Specification of the Encoding".
/// </remarks>
public sealed class AbiType
{
    internal const int MaximumDepth = 16;
    private const int MaximumTextLength = 4096;
    private const int MaximumHeadSize = 1 << 24; // Bytes. Bounds what a type alone can make a decoder ask for.

    internal AbiType(
        AbiKind kind, string name, int size = 0, AbiType? element = null, IReadOnlyList<AbiType>? components = null)
    {
        Kind = kind;
        Name = name;
        Size = size;
        Element = element;
        Components = components ?? [];
        IsDynamic = kind is AbiKind.Bytes or AbiKind.Text or AbiKind.Array
            || (kind == AbiKind.FixedArray && element!.IsDynamic)
            || Components.Any(component => component.IsDynamic);
        long inline = kind switch
        {
            AbiKind.FixedArray => (long)size * element!.HeadSize,
            AbiKind.Tuple => Components.Sum(component => (long)component.HeadSize),
            _ => 32,
        };
        HeadSize = inline <= MaximumHeadSize
            ? (IsDynamic ? 32 : (int)inline)
            : throw new AbiException(
                $"The ABI type {name} takes {inline} bytes; at most {MaximumHeadSize} are supported.");
    }

    /// <summary>Gets the family.</summary>
    public AbiKind Kind { get; }

    /// <summary>Gets the canonical name, as it stands in signatures.</summary>
    public string Name { get; }

    /// <summary>Gets the bits of an integer, the bytes of bytesN, or the elements of T[k]; otherwise 0.</summary>
    public int Size { get; }

    /// <summary>Gets the element type of an array.</summary>
    public AbiType? Element { get; }

    /// <summary>Gets the components of a tuple.</summary>
    public IReadOnlyList<AbiType> Components { get; }

    /// <summary>Gets whether the encoding's length depends on the value.</summary>
    public bool IsDynamic { get; }

    /// <summary>Gets the bytes that a value takes in the head of its frame: 32 (an offset) if dynamic.</summary>
    internal int HeadSize { get; }

    /// <summary>
    /// Parses a type such as <c>(uint256,address[2])[]</c>; <c>uint</c> and <c>int</c> mean 256 bits.
    /// </summary>
    /// <exception cref="AbiException">The text is no type, or nests deeper than 16.</exception>
    public static AbiType Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaximumTextLength)
        {
            throw new AbiException(
                $"Expected an ABI type of at most {MaximumTextLength} characters, got {text.Length}.");
        }

        int position = 0;
        AbiType type = ParseType(text, ref position, 0);
        return position == text.Length ? type : throw Unexpected(text, position);
    }

    /// <summary>Makes the tuple of some types.</summary>
    public static AbiType Tuple(params IReadOnlyList<AbiType> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return new AbiType(
            AbiKind.Tuple, $"({string.Join(',', components.Select(c => c.Name))})", components: components);
    }

    /// <summary>Gets the canonical name.</summary>
    public override string ToString() => Name;

    /// <summary>Applies array suffixes such as <c>[2][]</c> to a type, innermost first.</summary>
    internal static AbiType WithSuffixes(AbiType type, string text, ref int position, int depth)
    {
        while (position < text.Length && text[position] == '[')
        {
            int close = text.IndexOf(']', position);
            if (close < 0 || ++depth > MaximumDepth)
            {
                throw Unexpected(text, position);
            }

            type = ArrayOf(type, text, position + 1, close);
            position = close + 1;
        }

        return type;
    }

    private static AbiType ArrayOf(AbiType element, string text, int start, int close)
    {
        ReadOnlySpan<char> digits = text.AsSpan(start, close - start);
        if (element.HeadSize == 0)
        {
            throw new AbiException($"An array of {element} has no size; Solidity knows no such type.");
        }

        return digits.IsEmpty
            ? new AbiType(AbiKind.Array, element.Name + "[]", element: element)
            : TryPositive(digits, out int count)
                ? new AbiType(AbiKind.FixedArray, $"{element.Name}[{count}]", count, element)
                : throw Unexpected(text, start);
    }

    private static AbiType ParseType(string text, ref int position, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new AbiException($"ABI types nest deeper than {MaximumDepth}.");
        }

        AbiType type = position < text.Length && text[position] == '('
            ? ParseTuple(text, ref position, depth)
            : ParseElementary(text, ref position);
        return WithSuffixes(type, text, ref position, depth);
    }

    private static AbiType ParseTuple(string text, ref int position, int depth)
    {
        List<AbiType> components = [];
        position++;
        if (position < text.Length && text[position] == ')')
        {
            position++;
            return Tuple(components);
        }

        while (true)
        {
            components.Add(ParseType(text, ref position, depth + 1));
            char next = position < text.Length ? text[position] : '\0';
            if (next is not (',' or ')'))
            {
                throw Unexpected(text, position);
            }

            position++;
            if (next == ')')
            {
                return Tuple(components);
            }
        }
    }

    private static AbiType ParseElementary(string text, ref int position)
    {
        int start = position;
        while (position < text.Length && char.IsAsciiLetterOrDigit(text[position]))
        {
            position++;
        }

        string name = text[start..position];
        return name switch
        {
            "bool" => new AbiType(AbiKind.Boolean, name),
            "address" => new AbiType(AbiKind.Address, name),
            "bytes" => new AbiType(AbiKind.Bytes, name),
            "string" => new AbiType(AbiKind.Text, name),
            "uint" => new AbiType(AbiKind.UnsignedInteger, "uint256", 256),
            "int" => new AbiType(AbiKind.SignedInteger, "int256", 256),
            _ => ParseSized(name) ?? throw Unexpected(text, start),
        };
    }

    private static AbiType? ParseSized(string name)
    {
        foreach ((string prefix, AbiKind kind) in (ReadOnlySpan<(string, AbiKind)>)
            [("uint", AbiKind.UnsignedInteger), ("int", AbiKind.SignedInteger), ("bytes", AbiKind.FixedBytes)])
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal)
                && TryPositive(name.AsSpan(prefix.Length), out int size))
            {
                bool fits = kind == AbiKind.FixedBytes ? size <= 32 : size <= 256 && size % 8 == 0;
                return fits ? new AbiType(kind, name, size) : null;
            }
        }

        return null;
    }

    private static bool TryPositive(ReadOnlySpan<char> digits, out int value) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value > 0
            && digits[0] != '0';

    private static AbiException Unexpected(string text, int position) =>
        new($"Expected an ABI type, got {Primitives.Hex.Excerpt(text)} (at character {position}).");
}
