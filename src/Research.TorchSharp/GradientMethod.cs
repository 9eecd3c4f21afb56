namespace Research.TorchSharp;

/// <summary>How the gradients of single examples are had.</summary>
public enum GradientMethod
{
    /// <summary>Layer by layer from one backward pass where probes find that right, else by the loop.</summary>
    /// <remarks>
    /// Probes see coupling of rows, ties, layouts and calls around hooks on random records. They cannot see coupling
    /// that depends on values which these records do not have: who needs certainty takes <see cref="Loop"/>.
    /// </remarks>
    Automatic,

    /// <summary>One example at a time: no other record can take part, whatever the module does.</summary>
    Loop,
}
