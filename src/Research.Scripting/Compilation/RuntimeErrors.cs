using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Research.Scripting.Display.Shapes;

namespace Research.Scripting.Compilation;

/// <summary>Reports an exception from user code: the user's frames first, the host's removed.</summary>
internal static partial class RuntimeErrors
{
    private const int LibraryFrames = 12;
    private const int UserFrames = 100;
    private const int InnerExceptions = 20;
    private const int MaximumMessage = 20_000;

    /// <param name="exception">What the cell threw.</param>
    /// <param name="sources">The session's sources by file path: frames in them are the user's.</param>
    public static CellError From(Exception exception, IReadOnlyDictionary<string, CellSource> sources)
    {
        Exception root = Unwrap(exception);
        List<(CellSource Source, int Line, string Text)> userFrames = [];
        List<string> libraryFrames = [];
        Split(root, sources, userFrames, libraryFrames);

        string message = MessageOf(root);
        List<string> traceback = [$"{NameOf(root)}: {message}", .. userFrames.Take(UserFrames).Select(frame => frame.Text)];
        if (userFrames.Count > UserFrames)
        {
            traceback.Add($"   ... and {userFrames.Count - UserFrames} more calls.");
        }

        int inners = 0;
        for (Exception? inner = root.InnerException;
            inner is not null && inners < InnerExceptions;
            inner = inner.InnerException, inners++)
        {
            traceback.Add($" ---> {NameOf(inner)}: {MessageOf(inner)}");
            List<(CellSource Source, int Line, string Text)> innerUser = [];
            Split(inner, sources, innerUser, []);
            traceback.AddRange(innerUser.Take(UserFrames).Select(frame => "  " + frame.Text));
            if (userFrames.Count == 0)
            {
                userFrames.AddRange(innerUser);
            }
        }

        if (libraryFrames.Count > 0)
        {
            traceback.Add("   inside the libraries it called:");
            traceback.AddRange(libraryFrames.Take(LibraryFrames));
        }

        (CellSource? source, int line, _) = userFrames.FirstOrDefault();
        return new CellError
        {
            Name = NameOf(root),
            Message = message,
            Source = source?.Name,
            Line = source is null ? null : line,
            LineText = source is null ? null : LineOf(source, line),
            Traceback = traceback,
            Exception = root,
        };
    }

    private static Exception Unwrap(Exception exception)
    {
        while (exception is TargetInvocationException or AggregateException { InnerExceptions.Count: 1 } &&
            exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }

    // The message is the user's code too: it may be long, and it may throw.
    private static string MessageOf(Exception exception)
    {
        try
        {
            return ShapeBudget.Cut(exception.Message, MaximumMessage);
        }
        catch (Exception thrown)
        {
            return $"(its message threw {NameOf(thrown)})";
        }
    }

    private static string NameOf(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;

    private static void Split(
        Exception exception,
        IReadOnlyDictionary<string, CellSource> sources,
        List<(CellSource Source, int Line, string Text)> userFrames,
        List<string> libraryFrames)
    {
        List<string> waiting = []; // Library frames count only when user code is further out: below it is the host.
        foreach (StackFrame frame in new StackTrace(exception, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetFileName() is { } file && sources.TryGetValue(file, out CellSource? source))
            {
                int line = frame.GetFileLineNumber();
                string text = LineOf(source, line) is { Length: > 0 } code ? $": {code}" : "";
                userFrames.Add((source, line, $"   at {MethodOf(frame)}{source.Name}, line {line}{text}"));
                libraryFrames.AddRange(waiting);
                waiting.Clear();
            }
            else if (frame.GetMethod() is { } method && !IsPlumbing(method))
            {
                waiting.Add($"   at {method.DeclaringType?.FullName}.{method.Name}");
            }
        }

        if (userFrames.Count == 0)
        {
            libraryFrames.AddRange(waiting);
        }
    }

    private static bool IsPlumbing(MethodBase method)
    {
        string type = method.DeclaringType?.FullName ?? "";
        return type.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal) ||
            type.StartsWith("System.Runtime.ExceptionServices.", StringComparison.Ordinal) ||
            type.StartsWith("Submission#", StringComparison.Ordinal) ||
            method.IsDefined(typeof(StackTraceHiddenAttribute), inherit: false);
    }

    // "Submission#2+<Train>d__5.MoveNext" and "Submission#2.Train" are Train; the cell's own body has no name.
    private static string MethodOf(StackFrame frame)
    {
        MethodBase? method = frame.GetMethod();
        string name = method?.Name == "MoveNext" ? method.DeclaringType?.Name ?? "" : method?.Name ?? "";
        Match generated = GeneratedName().Match(name);
        if (generated.Success)
        {
            name = generated.Groups[2].Value == "b" ? "a lambda" : generated.Groups[1].Value;
        }

        return name is "" or "<Initialize>" or "<Factory>" or "<Main>" ? "" : $"{name} in ";
    }

    private static string LineOf(CellSource source, int line)
    {
        string[] lines = source.Code.Split('\n');
        return line >= 1 && line <= lines.Length ? lines[line - 1].Trim() : "";
    }

    [GeneratedRegex(@"^<(<?\w*>?)>([a-z])__\w*", RegexOptions.CultureInvariant)]
    private static partial Regex GeneratedName();
}
