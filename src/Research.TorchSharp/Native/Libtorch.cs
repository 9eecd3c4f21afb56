using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace Research.TorchSharp.Native;

/// <summary>Loads the native library under TorchSharp, and says why where it cannot.</summary>
/// <remarks>
/// TorchSharp's own message names a package that is there. The usual reason is another: <c>libLibTorchSharp.so</c> asks
/// for version GLIBCXX_3.4.32 of libstdc++, which Debian 13 and Ubuntu 24.04 have and Debian 12 and Ubuntu 22.04 lack.
/// Of that version it names one function, <c>std::ios_base_library_init()</c>, and calls it nowhere (GCC 13 emits the
/// name so that programs are linked to a library that initialises its streams itself; libtorch, built by an older
/// compiler, initialises them in its own way). So a copy in which that one need is marked weak runs with an older
/// libstdc++. No code changes, and no other process is touched.
/// </remarks>
public static partial class Libtorch
{
    private const string Library = "libLibTorchSharp.so";
    private const string Needed = "GLIBCXX_3.4.32";
    private const string Rid = "linux-x64";

    private static readonly string[] Torch = ["libc10.so", "libtorch_cpu.so", "libtorch.so"]; // in order of need
    private static readonly Lock Gate = new();
    private static bool _isLoaded;

    // A constant of TorchSharp's, such as 2.10.0.0 for package 2.10.0; its public property would load the library.
    private static string VersionAskedFor
    {
        get
        {
            FieldInfo? constant =
                typeof(torch).GetField("libtorchPackageVersion", BindingFlags.Static | BindingFlags.NonPublic);
            return System.Version.TryParse(constant?.GetRawConstantValue() as string, out Version? version)
                ? version.ToString(version.Revision == 0 ? 3 : 4)
                : "none";
        }
    }

    /// <summary>Loads libtorch and TorchSharp's native library, unless they are loaded.</summary>
    /// <param name="olderLibstdcxx">True accepts a libstdc++ without GLIBCXX_3.4.32 by loading a copy of TorchSharp's
    /// library, kept in this user's application data, whose need of that version is marked weak.</param>
    /// <exception cref="LibtorchException">It cannot be loaded; the message says why, and the way out.</exception>
    public static void Load(bool olderLibstdcxx = false)
    {
        lock (Gate)
        {
            if (_isLoaded)
            {
                return;
            }

            MklBits.Ask();
            if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
            {
                LoadOnLinux(olderLibstdcxx);
            }

            try
            {
                torch.InitializeDeviceType(DeviceType.CPU);
            }
            catch (Exception e) when (e is TypeInitializationException or NotSupportedException or DllNotFoundException)
            {
                throw new LibtorchException(
                    "TorchSharp finds no libtorch for this machine.\nAdd the package libtorch-cpu-RID, "
                    + "TorchSharp-cpu or TorchSharp-cuda-* of the version that TorchSharp asks for.",
                    e);
            }

            _isLoaded = true;
        }
    }

    private static void LoadOnLinux(bool olderLibstdcxx)
    {
        if (Find(Library) is not { } library || Find(Torch[0]) is not { } first)
        {
            return; // TorchSharp looks in further places, and knows its packages.
        }

        foreach (string name in Torch)
        {
            _ = TryLoad(Path.Combine(Path.GetDirectoryName(first)!, name)); // What fails here is named below.
        }

        string? error = TryLoad(library);
        if (error is null)
        {
            return;
        }

        if (!VersionMissing().IsMatch(error))
        {
            throw new LibtorchException(
                $"TorchSharp's native library cannot be loaded: {error.Split('\n')[0].Trim()}.\n"
                + "Install what it names, or take a system of the age of Debian 13 or Ubuntu 24.04.");
        }

        if (!olderLibstdcxx)
        {
            throw new LibtorchException(
                $"TorchSharp's native library needs {Needed}, which this system's libstdc++.so.6 does not have.\n"
                + "Take Debian 13, Ubuntu 24.04 or later, or call Libtorch.Load(olderLibstdcxx: true) before "
                + "anything of TorchSharp.");
        }

        string copy = Copy(library);
        if (TryLoad(copy) is { } still)
        {
            throw new LibtorchException(
                $"TorchSharp's native library cannot be loaded, also not without {Needed}: {still.Trim()}.\n"
                + "Take Debian 13, Ubuntu 24.04 or later.");
        }
    }

    // Kept, since a library must stay where it was loaded from; written anew where it is not what it should be.
    private static string Copy(string library)
    {
        byte[] marked = ElfVersionNeeds.MarkWeak(File.ReadAllBytes(library), Needed);
        string folder = Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
            "research",
            "libtorchsharp",
            $"{typeof(torch).Assembly.GetName().Version}");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, Library);
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(marked))
        {
            string written = $"{path}.{Environment.ProcessId}";
            File.WriteAllBytes(written, marked);
            File.Move(written, path, overwrite: true);
        }

        return path;
    }

    private static string? TryLoad(string path)
    {
        try
        {
            NativeLibrary.Load(path);
            return null;
        }
        catch (DllNotFoundException e)
        {
            return e.Message;
        }
    }

    // Beside the program, beside TorchSharp, and in the packages that a notebook refers to.
    private static string? Find(string file)
    {
        string beside = Path.GetDirectoryName(typeof(torch).Assembly.Location) ?? AppContext.BaseDirectory;
        List<string> folders =
        [
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "runtimes", Rid, "native"),
            beside,
            Path.Combine(beside, "runtimes", Rid, "native"),
        ];
        string package = Path.GetFullPath(Path.Combine(beside, "..", ".."));
        folders.Add(Path.Combine(package, "runtimes", Rid, "native"));
        string packages = Path.GetFullPath(Path.Combine(package, "..", ".."));
        if (Directory.Exists(packages) && Path.GetFileName(Path.GetDirectoryName(package)) == "torchsharp")
        {
            folders.AddRange(
                Directory.GetDirectories(packages, "libtorch-*")
                    .Select(libtorch => Path.Combine(libtorch, VersionAskedFor, "runtimes", Rid, "native")));
        }

        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    [GeneratedRegex(@"version `GLIBCXX_3\.4\.32' not found")]
    private static partial Regex VersionMissing();
}
