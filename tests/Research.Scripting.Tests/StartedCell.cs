namespace Research.Tests;

/// <summary>Lets a cell tell the test that its code has begun.</summary>
public static class StartedCell
{
    private static readonly ManualResetEventSlim Started = new();

    /// <summary>Forgets earlier cells.</summary>
    public static void Reset() => Started.Reset();

    /// <summary>Called by the cell.</summary>
    public static void Set() => Started.Set();

    /// <summary>Waits for the cell.</summary>
    public static void Wait() => Assert.True(Started.Wait(TimeSpan.FromSeconds(20)));
}
