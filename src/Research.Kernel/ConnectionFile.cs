using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Research.Kernel;

/// <summary>Where a kernel listens and how its messages are signed, as Jupyter's connection files say.</summary>
/// <remarks>Only loopback TCP and HMAC-SHA256: anything else is refused. An empty key switches signing off, as the
/// protocol has it: then any local user can run code here.</remarks>
public sealed record ConnectionFile
{
    private const int LongestFile = 1 << 16;

    /// <summary>Gets the loopback address.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Gets the port of requests.</summary>
    public required int ShellPort { get; init; }

    /// <summary>Gets the port of what the kernel publishes.</summary>
    public required int IOPubPort { get; init; }

    /// <summary>Gets the port of questions to the user.</summary>
    public required int StdinPort { get; init; }

    /// <summary>Gets the port of requests that may not wait.</summary>
    public required int ControlPort { get; init; }

    /// <summary>Gets the port of the heartbeat.</summary>
    public required int HeartbeatPort { get; init; }

    /// <summary>Gets the signing key; empty for none.</summary>
    public required ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>Reads a connection file.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="ConnectionFileException">It is not one, or asks for what is not supported.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ConnectionFile Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        FileInfo file = new(path);
        if (file.Exists && file.Length > LongestFile)
        {
            throw new ConnectionFileException(
                $"{path}: expected a connection file of at most {LongestFile} bytes, got {file.Length}.");
        }

        return Parse(File.ReadAllBytes(path));
    }

    internal static ConnectionFile Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return From(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new ConnectionFileException($"Expected a connection file in JSON: {exception.Message}");
        }
    }

    private static ConnectionFile From(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ConnectionFileException("Expected a connection file to be a JSON object.");
        }

        Expect("transport", Text(root, "transport", "tcp"), "tcp");
        Expect("signature_scheme", Text(root, "signature_scheme", "hmac-sha256"), "hmac-sha256");
        return new ConnectionFile
        {
            Address = Loopback(Text(root, "ip", "127.0.0.1")),
            ShellPort = Port(root, "shell_port"),
            IOPubPort = Port(root, "iopub_port"),
            StdinPort = Port(root, "stdin_port"),
            ControlPort = Port(root, "control_port"),
            HeartbeatPort = Port(root, "hb_port"),
            Key = Encoding.UTF8.GetBytes(Text(root, "key", "")),
        };
    }

    private static void Expect(string name, string value, string expected)
    {
        if (value != expected)
        {
            throw new ConnectionFileException($"{name}: expected {expected}, got {value}.");
        }
    }

    private static IPAddress Loopback(string text)
    {
        string address = text == "localhost" ? "127.0.0.1" : text;
        return IPAddress.TryParse(address, out IPAddress? ip) && IPAddress.IsLoopback(ip)
            ? ip
            : throw new ConnectionFileException($"ip: expected a loopback address, got {text}.");
    }

    private static string Text(JsonElement root, string name, string absent)
    {
        if (!root.TryGetProperty(name, out JsonElement value))
        {
            return absent;
        }

        return value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new ConnectionFileException($"{name}: expected a string, got {value.ValueKind}.");
    }

    private static int Port(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out JsonElement value))
        {
            throw new ConnectionFileException($"{name}: expected a port, got nothing.");
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int port) && port is >= 0 and <= 65535
            ? port
            : throw new ConnectionFileException(
                string.Create(CultureInfo.InvariantCulture, $"{name}: expected a port, got {value.GetRawText()}."));
    }
}
