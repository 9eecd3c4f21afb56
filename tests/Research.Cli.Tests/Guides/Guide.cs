using System.Text.Json;
using System.Text.RegularExpressions;
using Research.Tests.Tools;

namespace Research.Tests.Guides;

/// <summary>A guide's commands, as they are printed: a block of shell under each heading that has one.</summary>
internal sealed partial class Guide
{
    private readonly List<(string Heading, string Commands)> _blocks = [];

    private Guide(string name) => Name = name;

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.ipynb").Select(path => Path.GetFileNameWithoutExtension(path)!).Order()];

    public string Name { get; }

    public IEnumerable<string> Headings => _blocks.Select(block => block.Heading);

    private static string Folder => Path.Combine(ExternalTool.RepositoryRoot, "notebooks", "guides");

    public static string PathOf(string name) => Path.Combine(Folder, $"{name}.ipynb");

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>Reads a guide.</summary>
    /// <exception cref="InvalidDataException">A block of commands has no heading of its own, or a heading two blocks.</exception>
    public static Guide Load(string name)
    {
        Guide guide = new(name);
        using JsonDocument notebook = JsonDocument.Parse(Bytes(name));
        foreach (JsonElement cell in notebook.RootElement.GetProperty("cells").EnumerateArray())
        {
            string text = string.Concat(cell.GetProperty("source").EnumerateArray().Select(line => line.GetString()));
            Match heading = Heading().Match(text);
            MatchCollection blocks = Block().Matches(text);
            if (blocks.Count == 0)
            {
                continue;
            }

            if (blocks.Count > 1 || !heading.Success || guide.Headings.Contains(heading.Groups[1].Value))
            {
                throw new InvalidDataException($"{name}: expected one block under a heading of its own, got {text}");
            }

            guide._blocks.Add((heading.Groups[1].Value, blocks[0].Groups[1].Value.TrimEnd()));
        }

        return guide;
    }

    /// <summary>Gets the commands under a heading.</summary>
    public string Under(string heading) => _blocks.Single(block => block.Heading == heading).Commands;

    // Without its number.
    [GeneratedRegex(@"^#+ (?:\d+\. )?(.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^```sh\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
