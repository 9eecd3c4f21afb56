namespace Research.Plotting;

/// <summary>
/// One bar: from <paramref name="Start"/> to <paramref name="End"/>, standing for <paramref name="Value"/>.
/// </summary>
internal readonly record struct Bar(int Series, int Slot, double X, double Start, double End, double Value);
