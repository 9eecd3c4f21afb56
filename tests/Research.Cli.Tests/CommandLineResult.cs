namespace Research.Tests;

/// <summary>What a command line came to.</summary>
internal sealed record CommandLineResult(int ExitCode, string Output, string Error);
