using System.Collections;
using System.Reflection;
using System.Reflection.Emit;

#pragma warning disable CA1822, CA1065, S2372, CA5394 // Members of instances that throw, as a notebook's may; seeded draws.

namespace Research.Tests.Display.Shapes;

/// <summary>Types that do what displays must survive.</summary>
internal static class HostileTypes
{
    private static readonly Lazy<Type> ThousandMembers = new(MakeThousandMembers);

    private static readonly Lazy<Type> Pointing = new(MakePointing);

    public static object WithThousandMembers() => Activator.CreateInstance(ThousandMembers.Value)!;

    /// <summary>Makes a list of lists of ..., whose type has a name of thousands of characters.</summary>
    public static object WithLongName()
    {
        Type type = typeof(int);
        for (int i = 0; i < 12; i++)
        {
            type = typeof(Dictionary<,>).MakeGenericType(type, type);
        }

        return Activator.CreateInstance(type)!;
    }

    public sealed class ThrowingText
    {
        public int Fine => 1;

        public override string ToString() => throw new InvalidOperationException("text");
    }

    public sealed class ThrowingIdentity
    {
        public object? Inner { get; set; }

        public override int GetHashCode() => throw new InvalidOperationException("hash");

        public override bool Equals(object? obj) => throw new InvalidOperationException("equals");
    }

    public sealed class Endless
    {
        public Endless Next => new();

        public Endless Other => new();

        public int this[int index] => throw new InvalidOperationException($"indexer {index}");
    }

    public sealed class Unboxable
    {
        public int Fine => 1;

        public Span<int> Span => new int[1];

        public ref int Reference => ref _value;

        private int _value = 1;
    }

    public sealed class ThrowingMessage : Exception
    {
        public override string Message => throw new InvalidOperationException("message");
    }

    public sealed class ThrowsBadly
    {
        public int Value => throw new ThrowingMessage();
    }

    public sealed class LyingCount(int count) : IReadOnlyCollection<int>
    {
        public int Count => count >= 0 ? count : throw new InvalidOperationException("count");

        public IEnumerator<int> GetEnumerator() => Enumerable.Range(0, 100).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    public sealed class ThrowingItems(int fine) : IReadOnlyCollection<int>
    {
        public int Count => 1_000;

        public IEnumerator<int> GetEnumerator()
        {
            for (int i = 0; i < fine; i++)
            {
                yield return i;
            }

            throw new InvalidOperationException("item");
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    public sealed class NullEnumerator : IReadOnlyCollection<int>
    {
        public int Count => 0;

        public IEnumerator<int> GetEnumerator() => null!;

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>As Newtonsoft's JToken: a tree that is a sequence of its own kind, and a dictionary too.</summary>
    public sealed class Tree(string text) : IEnumerable<Tree>, IReadOnlyDictionary<string, Tree>
    {
        public IEnumerable<string> Keys => ["a"];

        public IEnumerable<Tree> Values => [this];

        public int Count => 1;

        public Tree this[string key] => this;

        public bool ContainsKey(string key) => true;

        public bool TryGetValue(string key, out Tree value)
        {
            value = this;
            return true;
        }

        public IEnumerator<Tree> GetEnumerator()
        {
            yield return this;
        }

        IEnumerator<KeyValuePair<string, Tree>> IEnumerable<KeyValuePair<string, Tree>>.GetEnumerator() =>
            new Dictionary<string, Tree> { ["a"] = this }.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => text;
    }

    public sealed record Deep(int Level, object? Inner);

    /// <summary>Makes an object with a field that is a pointer.</summary>
    public static object WithPointer() => Activator.CreateInstance(Pointing.Value)!;

    private static Type MakePointing()
    {
        TypeBuilder type = AssemblyBuilder
            .DefineDynamicAssembly(new AssemblyName("Pointing"), AssemblyBuilderAccess.Run)
            .DefineDynamicModule("main").DefineType("Pointing", TypeAttributes.Public);
        type.DefineField("Pointer", typeof(int).MakePointerType(), FieldAttributes.Public);
        type.DefineField("Fine", typeof(int), FieldAttributes.Public);
        return type.CreateType();
    }

    private static Type MakeThousandMembers()
    {
        TypeBuilder type = AssemblyBuilder
            .DefineDynamicAssembly(new AssemblyName("ThousandMembers"), AssemblyBuilderAccess.Run)
            .DefineDynamicModule("main").DefineType("ThousandMembers", TypeAttributes.Public);
        for (int i = 0; i < 1_000; i++)
        {
            type.DefineField($"Field{i}", typeof(int), FieldAttributes.Public);
        }

        return type.CreateType();
    }
}
