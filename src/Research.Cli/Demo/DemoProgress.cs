namespace Research.Cli.Demo;

/// <summary>How far one part of the demo has come.</summary>
/// <param name="Part">The part, as shown.</param>
/// <param name="Fraction">The share done, 0 to 1.</param>
internal readonly record struct DemoProgress(string Part, double Fraction);
