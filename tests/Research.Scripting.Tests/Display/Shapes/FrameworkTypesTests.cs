using System.Reflection;
using Microsoft.DotNet.Interactive.Formatting;
using Research.Scripting.Display;

namespace Research.Tests.Display.Shapes;

/// <summary>Every public type of the framework that can be made without arguments is shown, or named.</summary>
public sealed class FrameworkTypesTests
{
    // Making one of these changes the test's own process.
    private static readonly string[] NotMade =
    [
        "System.Transactions.TransactionScope", "System.Diagnostics.Tracing.EventListener",
    ];

    private static readonly Type[] Arguments = [typeof(int), typeof(string), typeof(double), typeof(byte[])];

    public FrameworkTypesTests() => Formatter.ResetToDefault();

    [Fact]
    public void Format_EveryTypeWithoutArguments_IsShownInBounds()
    {
        List<string> problems = [];
        int made = 0;
        foreach (Type type in Types().Where(type => !NotMade.Contains(type.FullName)))
        {
            foreach (object value in Make(type))
            {
                made++;
                if (Problem(value) is { } problem)
                {
                    problems.Add($"{type.FullName}: {problem}");
                }

                Dispose(value);
            }
        }

        Assert.Empty(problems);
        Assert.InRange(made, 1_500, int.MaxValue); // Else the test has lost its types.
    }

    private static string? Problem(object value)
    {
        if (OutputBounds.Problem(value) is { } problem)
        {
            return problem;
        }

        bool mayBeEmpty = value is string or System.Text.StringBuilder or StringWriter or ReadOnlyMemory<char> or
            System.Xml.XmlNode or System.Xml.Linq.XText or char;
        return !mayBeEmpty && MimeFormatter.Format(value).PlainText.Length == 0 ? "shown as nothing" : null;
    }

    private static IEnumerable<Type> Types()
    {
        string folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        foreach (string name in Directory.GetFiles(folder, "System*.dll").Select(Path.GetFileNameWithoutExtension)
            .Append(typeof(object).Assembly.GetName().Name).OfType<string>().Distinct().Order(StringComparer.Ordinal))
        {
            Type[] types;
            try
            {
                types = Assembly.Load(new AssemblyName(name)).GetExportedTypes();
            }
            catch (BadImageFormatException)
            {
                continue; // Native.
            }

            foreach (Type type in types.Where(type => type is { IsAbstract: false, IsByRefLike: false }))
            {
                if (Closed(type) is { } closed)
                {
                    yield return closed;
                }
            }
        }
    }

    private static Type? Closed(Type type)
    {
        if (!type.ContainsGenericParameters)
        {
            return type;
        }

        Type[] parameters = type.GetGenericArguments();
        for (int first = 0; first < Arguments.Length; first++)
        {
            try
            {
                return type.MakeGenericType(
                    [.. parameters.Select((_, index) => Arguments[(first + index) % Arguments.Length])]);
            }
            catch (ArgumentException)
            {
                continue; // A constraint: the next ones may meet it.
            }
        }

        return null;
    }

    // A default value, one from the constructor, and those that the type has ready.
    private static IEnumerable<object> Make(Type type)
    {
        if (Try(() => Activator.CreateInstance(type)) is { } made)
        {
            yield return made;
        }

        if (type.IsEnum || type.IsPrimitive)
        {
            yield break;
        }

        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => type.IsAssignableTo(property.PropertyType) && property.PropertyType != typeof(object)))
        {
            if (Try(() => property.GetValue(null)) is { } ready)
            {
                yield return ready;
            }
        }
    }

    private static object? Try(Func<object?> make)
    {
        try
        {
            return make();
        }
        catch (Exception) // Not on this platform, or not without arguments.
        {
            return null;
        }
    }

    private static void Dispose(object value)
    {
        if (value is IDisposable disposable and not (Task or Stream))
        {
            Try(() =>
            {
                disposable.Dispose();
                return null;
            });
        }
    }
}
