namespace Research.TorchSharp.Native;

/// <summary>TorchSharp's native library cannot be loaded: two lines, what is missing and the way out.</summary>
public sealed class LibtorchException : Exception
{
    /// <summary>Creates the exception.</summary>
    public LibtorchException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is missing, and on a second line the way out.</param>
    public LibtorchException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is missing, and on a second line the way out.</param>
    /// <param name="innerException">What the loader said.</param>
    public LibtorchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
