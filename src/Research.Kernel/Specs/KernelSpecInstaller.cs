using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Research.Kernel.Specs;

/// <summary>Writes and removes kernel specifications; never one that is not ours, unless told to.</summary>
public static partial class KernelSpecInstaller
{
    /// <summary>The name by which notebooks written for .NET Interactive ask for C#.</summary>
    public const string InteractiveName = ".net-csharp";

    private static readonly string[] Logos = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Tells whether Jupyter accepts a name.</summary>
    /// <param name="name">The name.</param>
    public static bool IsName(string name) => NamePattern().IsMatch(name ?? "");

    /// <summary>Installs a specification, or refreshes ours.</summary>
    /// <param name="kernels">The folder of specifications.</param>
    /// <param name="name">The name that notebooks refer to.</param>
    /// <param name="displayName">What people choose by.</param>
    /// <param name="launcher">How the kernel is started.</param>
    /// <param name="replace">Whether to replace one that is not ours.</param>
    /// <returns>The specification's folder, or null when there is another's.</returns>
    public static string? Install(
        string kernels, string name, string displayName, KernelLauncher launcher, bool replace)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kernels);
        ArgumentNullException.ThrowIfNull(launcher);
        if (!IsName(name))
        {
            throw new KernelSpecException($"Expected a name of letters, digits, '.', '_' and '-', got '{name}'.");
        }

        string folder = Path.Combine(kernels, name);
        if (Directory.Exists(folder) && !replace && KernelSpec.Read(folder) is not { IsOurs: true })
        {
            return null;
        }

        Directory.CreateDirectory(folder);
        foreach (string logo in Logos)
        {
            Write(folder, logo, Resource(logo));
        }

        Write(folder, KernelSpec.FileName, Json(displayName, launcher)); // Last: what Jupyter looks for.
        return folder;
    }

    /// <summary>Removes a specification of ours.</summary>
    /// <param name="spec">The specification.</param>
    /// <exception cref="KernelSpecException">It is another's.</exception>
    public static void Remove(KernelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (!spec.IsOurs)
        {
            throw new KernelSpecException($"{spec.Name} in {spec.Folder} was not installed by research.");
        }

        Directory.Delete(spec.Folder, recursive: true);
    }

    private static byte[] Json(string displayName, KernelLauncher launcher)
    {
        JsonObject variables = [];
        foreach ((string name, string value) in launcher.Variables)
        {
            variables[name] = value;
        }

        JsonObject json = new()
        {
            ["argv"] = new JsonArray(
                [.. launcher.Command.Concat(["kernel", "run", "--connection-file", "{connection_file}"])
                    .Select(word => (JsonNode)word)]),
            ["display_name"] = displayName,
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["env"] = variables,
            ["metadata"] = new JsonObject
            {
                ["debugger"] = false,
                [KernelSpec.OurMetadata] = new JsonObject { ["version"] = KernelInformation.Version },
            },
        };
        return [.. JsonSerializer.SerializeToUtf8Bytes(json, Readable), (byte)'\n'];
    }

    // By way of another name, so that a reader never sees half a file.
    private static void Write(string folder, string name, byte[] content)
    {
        string path = Path.Combine(folder, name);
        string fresh = path + ".new";
        File.WriteAllBytes(fresh, content);
        File.Move(fresh, path, overwrite: true);
    }

    private static byte[] Resource(string name)
    {
        using Stream stream = typeof(KernelSpecInstaller).Assembly.GetManifestResourceStream(name) ??
            throw new InvalidOperationException($"The resource {name} is missing from the assembly.");
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    // As jupyter_client has it.
    [GeneratedRegex(@"\A[a-zA-Z0-9._\-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
