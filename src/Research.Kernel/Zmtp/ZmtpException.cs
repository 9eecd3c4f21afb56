namespace Research.Kernel.Zmtp;

/// <summary>A peer broke the protocol or a limit; its connection ends, nothing else does.</summary>
internal sealed class ZmtpException(string message) : Exception(message);
