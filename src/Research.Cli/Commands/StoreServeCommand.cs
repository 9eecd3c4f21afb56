using System.CommandLine;
using System.Globalization;
using System.Net;
using Research.Cli.Stores;
using Research.Storage;

namespace Research.Cli.Commands;

/// <summary><c>research store serve</c>: serves a folder over HTTP until it is stopped.</summary>
internal static class StoreServeCommand
{
    private const int MiB = 1 << 20;

    public static Command Create()
    {
        Option<string> folder = PathOption.Required("--folder", "The folder of blobs; made where there is none.");
        folder.HelpName = "FOLDER";
        Option<string> listen = new("--listen")
        {
            Description = "Address and port, as 127.0.0.1:8765 or [::1]:8765; port 0 for any free one.",
            HelpName = "ADDRESS:PORT",
            DefaultValueFactory = _ => "127.0.0.1:8765",
        };
        Option<int> largest = BoundedOption.Create(
            "--largest-mb", "Largest blob in MiB", BlobLimits.MostBytes / MiB, 1, BlobLimits.MostBytes / MiB);
        Option<int> quota = BoundedOption.Create(
            "--quota-mb", "What everything may take on disk in MiB, cut uploads included", 10240, 1, int.MaxValue);
        Option<string?> token = new("--token-variable")
        {
            Description = "The environment variable that holds the token which writers must know.",
            HelpName = "NAME",
        };
        Option<bool> open = new("--open")
        {
            Description = "Let everybody write who can connect, also on an address that is not this machine's own.",
        };
        Option<bool> json = new("--json") { Description = "Print one JSON document, on one line, once it listens." };
        Command command = new("serve", "Serve a folder of blobs over HTTP until Ctrl-C.")
        {
            folder, listen, largest, quota, token, open, json,
        };
        command.SetAction((parse, cancellationToken) => RunAsync(
            new BlobServerOptions
            {
                Folder = Path.GetFullPath(parse.GetValue(folder)!),
                Listen = EndPointOf(parse.GetValue(listen)!),
                LargestBytes = (long)parse.GetValue(largest) * MiB,
                QuotaBytes = (long)parse.GetValue(quota) * MiB,
                Token = TokenIn(parse.GetValue(token)),
                Notices = new SynchronousProgress<string>(parse.InvocationConfiguration.Error.WriteLine),
            },
            parse.GetValue(open),
            parse.GetValue(json),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    /// <summary>Serves until cancelled, which is how it is meant to end.</summary>
    /// <exception cref="CommandException">Strangers could write without a token, and nobody said that they may.</exception>
    /// <exception cref="StoreException">The folder cannot be served, or the address not listened on.</exception>
    internal static async Task<int> RunAsync(
        BlobServerOptions options,
        bool isOpen,
        bool json,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        bool isLoopback = IPAddress.IsLoopback(options.Listen.Address);
        if (!isLoopback && options.Token is null && !isOpen)
        {
            throw new CommandException(
                $"--listen: {options.Listen} can be reached by others, who could all write. Give --token-variable with the "
                + "name of an environment variable that holds a token, or --open if they may.",
                CommandRunner.WrongUsage);
        }

        BlobServer server = await BlobServer.StartAsync(options, cancellationToken).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            await output.WriteLineAsync(json ? Json(server, options) : Text(server, options)).ConfigureAwait(false);
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (!isLoopback)
            {
                await error.WriteLineAsync(
                    "Plain HTTP: on a public address put it behind TLS (nginx, Caddy), or tokens can be read on their way.")
                    .ConfigureAwait(false);
            }

            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                await error.WriteLineAsync($"Stopping; the blobs stay in {options.Folder}.").ConfigureAwait(false);
            }
        }

        return CommandRunner.Success;
    }

    private static IPEndPoint EndPointOf(string text)
    {
        string address = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase)
            ? $"{IPAddress.Loopback}{text["localhost".Length..]}"
            : text;
        bool hasPort = address.LastIndexOf(':') > address.LastIndexOf(']')
            && (address[0] == '[' || address.IndexOf(':') == address.LastIndexOf(':'));
        return hasPort && IPEndPoint.TryParse(address, out IPEndPoint? endPoint)
            ? endPoint
            : throw new CommandException(
                $"--listen: expected an address and a port, as 127.0.0.1:8765 or [::1]:8765, got {text}.",
                CommandRunner.WrongUsage);
    }

    private static string? TokenIn(string? variable)
    {
        if (variable is null)
        {
            return null;
        }

        // Not shown: it may be the token itself, given by mistake.
        string token = (variable.Length == 0 ? null : Environment.GetEnvironmentVariable(variable))
            ?? throw new CommandException(
                "--token-variable: expected the name of an environment variable that is set; that one is not.",
                CommandRunner.WrongUsage);
        try
        {
            _ = new WriteToken(token);
            return token;
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"--token-variable: {variable} does not hold {e.Message}", CommandRunner.WrongUsage, e);
        }
    }

    private static string Text(BlobServer server, BlobServerOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        store       {server.Address}, in {options.Folder}
        limits      blobs up to {options.LargestBytes / MiB} MiB, {options.QuotaBytes / MiB} MiB in all, {server.UsedBytes / MiB} MiB used
        writes      {(options.Token is null ? "by everybody who can connect" : "with the token (others set RESEARCH_STORE_TOKEN to ADDRESS=TOKEN)")}

        Ctrl-C stops it.
        """).ReplaceLineEndings("\n");

    private static string Json(BlobServer server, BlobServerOptions options) => JsonReport.WriteLine(json =>
    {
        json.WriteStartObject();
        json.WriteString("address", server.Address.ToString());
        json.WriteString("folder", options.Folder);
        json.WriteNumber("largest", options.LargestBytes);
        json.WriteNumber("quota", options.QuotaBytes);
        json.WriteNumber("used", server.UsedBytes);
        json.WriteString("writes", options.Token is null ? "open" : "token");
        json.WriteEndObject();
    });
}
