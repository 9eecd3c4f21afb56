using System.Dynamic;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.DotNet.Interactive.Formatting;

namespace Research.Interactive.Secrecy;

/// <summary>Keeps .NET Interactive from writing keys: its defaults show every public member, and a record's text.</summary>
/// <remarks>
/// That host asks nobody about a type before it shows it, so types are found as they are loaded: Nethereum's and
/// NBitcoin's by name, those of cells (and anonymous ones) by their members' names, at once; those of other packages
/// before the next cell. What a cell registers for a type itself is newer, and wins.
/// </remarks>
internal static class SecretFormatters
{
    private static readonly string[] MimeTypes = ["text/html", "text/plain"];

    // What lists of variables, and the heads of trees, show of a value: by default its own text.
    private const string Summary = "text/plain+summary";

    // Their types with secrets are known.
    private static readonly string[] Familiar =
    [
        "System", "Microsoft", "netstandard", "mscorlib", "WindowsBase", "FSharp", "Nethereum", "NBitcoin",
        "Newtonsoft", "BouncyCastle",
    ];

    private static readonly Lock Gate = new();
    private static readonly HashSet<Type> Types =
        [typeof(Exception), typeof(ExpandoObject), .. SecretMembers.Framework.Select(known => known.Type)];
    private static readonly Queue<Assembly> Waiting = [];
    private static bool _hidesInJson;

    /// <summary>Registers them, now and with each assembly that a notebook loads.</summary>
    public static void Offer()
    {
        AppDomain.CurrentDomain.AssemblyLoad -= Look;
        AppDomain.CurrentDomain.AssemblyLoad += Look;
        foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            Look(assembly);
        }

        HideInJson();
        Restore();
    }

    /// <summary>Registers them again where a cell reset the formatters, and those of packages that came since.</summary>
    public static void Restore()
    {
        lock (Gate)
        {
            while (Waiting.TryDequeue(out Assembly? assembly))
            {
                Type[] found = [.. TypesOf(assembly).Where(HasSecrets)];
                Types.UnionWith(found);
            }

            ITypeFormatter[] registered = [.. Formatter.RegisteredFormatters(includeDefaults: false)];
            HashSet<Type> known = [.. registered.Select(formatter => formatter.Type)];
            if (!Array.Exists(registered, one => one.Type == typeof(object) && one.MimeType == Summary))
            {
                Formatter.Register<object>(Summarise, Summary);
            }

            Type[] missing = [.. Types.Where(type => !known.Contains(type))]; // Registering may load an assembly.
            foreach (Type type in missing)
            {
                Register(type);
            }
        }
    }

    private static void Look(object? sender, AssemblyLoadEventArgs loaded) => Look(loaded.LoadedAssembly);

    private static void Look(Assembly assembly)
    {
        string name = assembly.GetName().Name ?? "";
        lock (Gate)
        {
            if (name.StartsWith('ℛ')) // A cell's: it is shown before anything else is asked.
            {
                Add([.. TypesOf(assembly).Where(HasSecrets)]);
                Waiting.Enqueue(assembly); // What it needs may only be found once it runs.
            }
            else if (name is "Research.Core" or "Research.Interactive" or "Research.TorchSharp")
            {
                return; // What holds a secret there has a formatter of its own, and a test that looks for others.
            }
            else if (!Array.Exists(Familiar, root => IsOf(name, root)))
            {
                Waiting.Enqueue(assembly);
            }
            else if (IsOf(name, "Nethereum") || IsOf(name, "NBitcoin") || IsOf(name, "BouncyCastle"))
            {
                Add([.. SecretTypes.Names.Select(one => Find(assembly, one)).OfType<Type>()]);
            }
        }
    }

    private static void Add(Type[] types)
    {
        foreach (Type type in types)
        {
            if (Types.Add(type))
            {
                Register(type);
            }
        }
    }

    private static void Register(Type type)
    {
        Formatter.Register(type, (value, writer) => writer.Write(SecretView.Of(value).Html), MimeTypes[0]);
        Formatter.Register(type, (value, writer) => writer.Write(SecretView.Of(value).Text), MimeTypes[1]);
        Formatter.SetPreferredMimeTypesFor(type, MimeTypes);
    }

    // The package asks its own formatters only where nobody registered one for the type, so this asks them.
    private static bool Summarise(object value, FormatContext context)
    {
        if (SecretTexts.Hides(value))
        {
            context.Writer.Write(SecretView.Line(value));
            return true;
        }

        Type type = value.GetType();
        HashSet<ITypeFormatter> registered = [.. Formatter.RegisteredFormatters(includeDefaults: false)];
        return Formatter.RegisteredFormatters(includeDefaults: true)
            .Where(one => one.MimeType == Summary && !registered.Contains(one) && one.Type.IsAssignableFrom(type))
            .OrderBy(one => one.Type == typeof(object))
            .Any(one => one.Format(value, context));
    }

    private static bool HasSecrets(Type type)
    {
        try
        {
            return !type.IsEnum && !(type.IsAbstract && type.IsSealed) && !typeof(Delegate).IsAssignableFrom(type)
                && SecretMembers.AreIn(type);
        }
        catch (Exception e) when (IsIncomplete(e))
        {
            return false; // A member's type is in an assembly that is not there: no value of it either.
        }
    }

    private static Type? Find(Assembly assembly, string name)
    {
        try
        {
            return assembly.GetType(name, throwOnError: false);
        }
        catch (Exception e) when (IsIncomplete(e))
        {
            return null;
        }
    }

    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return e.Types.OfType<Type>();
        }
        catch (Exception e) when (IsIncomplete(e))
        {
            return [];
        }
    }

    private static bool IsIncomplete(Exception exception) =>
        exception is IOException or BadImageFormatException or TypeLoadException or NotSupportedException;

    private static bool IsOf(string name, string root) => name.StartsWith(root, StringComparison.Ordinal)
        && (name.Length == root.Length || name[root.Length] == '.');

    private static void HideInJson()
    {
        JsonSerializerOptions options = JsonFormatter.SerializerOptions;
        if (options.IsReadOnly || _hidesInJson)
        {
            return; // Where something was written as JSON before this library was loaded, its form is fixed.
        }

        _hidesInJson = true;

        IJsonTypeInfoResolver resolver = options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver();
        options.TypeInfoResolver = resolver.WithAddedModifier(Hide);
    }

    private static void Hide(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            bool isHidden = (property.AttributeProvider is MemberInfo member && SecretMembers.Hides(member))
                || SecretTypes.IsKnown(property.PropertyType);
            if (isHidden)
            {
                property.ShouldSerialize = static (_, _) => false;
            }
        }
    }
}
