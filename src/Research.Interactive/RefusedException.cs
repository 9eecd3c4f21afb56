namespace Research.Interactive;

/// <summary>Something that was asked for cannot be done; the message says why, in a line for whoever asked.</summary>
internal sealed class RefusedException(string message, Exception? innerException = null)
    : Exception(message, innerException);
