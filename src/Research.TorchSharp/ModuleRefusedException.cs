namespace Research.TorchSharp;

/// <summary>A module that cannot be trained privately as it is; the message names the layer and the reason.</summary>
public sealed class ModuleRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ModuleRefusedException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The layer and the reason.</param>
    public ModuleRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The layer and the reason.</param>
    /// <param name="innerException">What was thrown inside the module.</param>
    public ModuleRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
