using System.Diagnostics;
using Research.Scripting.Compilation;
using Research.Scripting.Input;
using Research.Scripting.Outputs;

namespace Research.Scripting.Scripts;

/// <summary>Runs a compiled script as a session would, without the compiler.</summary>
internal static class ScriptReplay
{
    public static async Task<CellResult> RunAsync(
        CompiledScript script,
        IReadOnlyList<string> arguments,
        Action<CellOutput> receive,
        CancellationToken cancellationToken)
    {
        ConsoleRouter.Install();
        Stopwatch watch = Stopwatch.StartNew();
        CellRuntime runtime = new(new ScriptGlobals(arguments));
        Reference(runtime.Context, script);
        Dictionary<string, CellSource> sources = script.Sources.ToDictionary(source => source.FilePath);
        using OutputChannel channel = new(receive, batched: false) { Input = new CellInput(null, cancellationToken) };
        OutputChannel? outer = OutputChannel.Current;
        OutputChannel.Current = channel;
        try
        {
            object? value = null;
            foreach (CellImage cell in script.Cells)
            {
                value = await Interruptible.RunAsync(runtime.Load(cell), cancellationToken).ConfigureAwait(false);
            }

            return new CellResult(value, null, watch.Elapsed);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new CellResult(null, RuntimeErrors.From(exception, sources), watch.Elapsed);
        }
        finally
        {
            OutputChannel.Current = outer;
        }
    }

    private static void Reference(CellLoadContext context, CompiledScript script)
    {
        foreach (string path in script.Packages)
        {
            context.AddAssembly(Path.GetFileNameWithoutExtension(path), path);
        }

        foreach (string path in script.Originals)
        {
            context.AddCopy(Path.GetFileNameWithoutExtension(path), path);
        }

        foreach (string path in script.Native)
        {
            context.AddNativeLibrary(path);
        }
    }
}
