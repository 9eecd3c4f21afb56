using System.Collections;

namespace Research.Chain.Abi;

/// <summary>The types of an array's elements as a list that takes no memory: the same type, again and again.</summary>
internal sealed class Repeated(AbiType type, int count) : IReadOnlyList<AbiType>
{
    public int Count => count;

    public AbiType this[int index] => type;

    public IEnumerator<AbiType> GetEnumerator() => Enumerable.Repeat(type, count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
