using System.Diagnostics;

namespace Research.Tests.Tools;

/// <summary>
/// Loads a page in Debian's Chromium, without a network, and gives the document after its scripts ran.
/// </summary>
internal static class Chromium
{
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
        "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND",
        "--virtual-time-budget=20000", "--window-size=1200,2000", "--dump-dom",
    ];

    public static async Task<string> DumpAsync(string html, params string[] flags)
    {
        string folder = Directory.CreateTempSubdirectory("research-chromium-").FullName;
        try
        {
            string page = Path.Combine(folder, "page.html");
            await File.WriteAllTextAsync(page, html);
            ProcessStartInfo start = new(
                ExternalTool.Find("chromium") ?? throw new InvalidOperationException("chromium is not on PATH."))
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (string argument in (string[])[
                .. Flags, .. flags, "--user-data-dir=" + Path.Combine(folder, "profile"), new Uri(page).AbsoluteUri])
            {
                start.ArgumentList.Add(argument);
            }

            return await RunAsync(start);
        }
        finally
        {
            DeleteQuietly(folder);
        }
    }

    private static async Task<string> RunAsync(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        using CancellationTokenSource timeout = new(TimeSpan.FromMinutes(10));
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(timeout.Token);
            string document = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            Assert.True(document.Length > 0, $"Chromium wrote nothing: {await errors}");
            return document;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static void DeleteQuietly(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Chromium's helpers may still be closing files; the folder is the system's to clean.
        }
    }
}
