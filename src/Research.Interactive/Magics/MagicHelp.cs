using Research.Interactive.Formatters;

namespace Research.Interactive.Magics;

/// <summary>What <c>-h</c> shows of a magic command.</summary>
internal static class MagicHelp
{
    public static Card Of(Magic magic) => new Card($"{magic.Name}: {magic.Description}")
        .Lines(magic.Usage.Select((line, i) => (i == 0 ? "usage" : "", line)))
        .Lines(magic.Parameters.Select(parameter => (Name(parameter), parameter.Description)));

    /// <summary>Writes a parameter with the name of its value.</summary>
    public static string Name(MagicParameter parameter) =>
        parameter.Value is null ? parameter.Name : $"{parameter.Name} {parameter.Value}";
}
