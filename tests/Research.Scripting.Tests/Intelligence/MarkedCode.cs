namespace Research.Tests.Intelligence;

/// <summary>Code with the cursor written as <c>|</c>, or as <c>¦</c> where the code has bars of its own.</summary>
internal static class MarkedCode
{
    public static (string Code, int Position) Read(string marked)
    {
        char mark = marked.Contains('¦', StringComparison.Ordinal) ? '¦' : '|';
        int position = marked.IndexOf(mark, StringComparison.Ordinal);
        Assert.True(position >= 0, $"There is no cursor in {marked}");
        return (marked.Remove(position, 1), position);
    }
}
