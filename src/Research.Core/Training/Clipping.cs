namespace Research.Training;

/// <summary>How the pass bounds each example's gradient.</summary>
/// <param name="Mode">The form.</param>
/// <param name="Norm">The clip norm over all parameters together.</param>
internal readonly record struct Clipping(ClippingMode Mode, double Norm);
