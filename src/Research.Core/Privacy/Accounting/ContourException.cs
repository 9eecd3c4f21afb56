namespace Research.Privacy.Accounting;

/// <summary>Thrown where the contour integral would take too long, or float64 too few digits: another way is
/// taken.</summary>
internal sealed class ContourException(string message) : Exception(message);
