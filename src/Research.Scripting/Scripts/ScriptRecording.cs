using Research.Scripting.Compilation;

namespace Research.Scripting.Scripts;

/// <summary>Collects what a script compiles to, and keeps it once the script itself is compiled.</summary>
internal sealed class ScriptRecording(CellSource main)
{
    private readonly List<CellImage> _cells = [];
    private readonly List<CellSource> _sources = [main];

    /// <summary>Gets or sets the session that runs the script.</summary>
    public ScriptSession? Session { get; set; }

    /// <summary>Adds a compiled file; the script's own comes last, after those it loads.</summary>
    public void Add(CellSource source, CellImage image, CellLoadContext context)
    {
        _cells.Add(image);
        if (source != main)
        {
            _sources.Add(source);
            return;
        }

        if (Session is { IsReplayable: true } && _sources.All(loaded => File.Exists(loaded.Path)))
        {
            (string[] packages, string[] originals, string[] native) = context.Named();
            ScriptCache.Keep(main.Path!, main.Code, new CompiledScript(_cells, _sources, packages, originals, native));
        }
    }
}
