namespace Research.Tests.Display.Shapes;

/// <summary>Types as notebooks declare them.</summary>
internal static class Samples
{
    public sealed record Person(string Name, int Age);

    public sealed record Node(string Name)
    {
        public Node? Next { get; set; }
    }

    public sealed class Account
    {
        public required string Owner { get; init; }

        public int[] Deposits { get; init; } = [];

        public Account? Parent { get; init; }
    }

    public sealed class Broken
    {
#pragma warning disable CA1822, S2372 // Instance getters, as a notebook's are.
        public int Fine => 1;

        public int Bad => throw new InvalidOperationException("out of order");
#pragma warning restore CA1822, S2372
    }

    public sealed class Described(string text)
    {
        public int Length => text.Length;

        public override string ToString() => $"described {text}";
    }

    public sealed class Wide
    {
        public List<Wide> Items { get; } = [];
    }
}
