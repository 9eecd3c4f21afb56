using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Research.Kernel;

/// <summary>The process that started the kernel, which must not outlive it.</summary>
internal static class ParentProcess
{
    private const string Variable = "JPY_PARENT_PID";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Waits until the process that Jupyter names is gone; for ever where it names none.</summary>
    public static async Task WaitForExitAsync(CancellationToken cancellationToken)
    {
        string text = Environment.GetEnvironmentVariable(Variable) ?? "";
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long named) || named <= 1)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        }
        else if (OperatingSystem.IsWindows())
        {
            await WaitForHandleAsync((nint)named, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            // A child that is left behind gets another parent at once; a dead parent's number may live on.
            bool isParent = ParentId() == named;
            using PeriodicTimer timer = new(Interval);
            while (isParent ? ParentId() == named : Exists((int)named))
            {
                await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool Exists(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // On Windows the variable holds an inherited handle.
    private static async Task WaitForHandleAsync(nint handle, CancellationToken cancellationToken)
    {
        using ManualResetEvent exited = new(false) { SafeWaitHandle = new SafeWaitHandle(handle, ownsHandle: false) };
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        RegisteredWaitHandle registration = ThreadPool.RegisterWaitForSingleObject(
            exited, (_, _) => gone.TrySetResult(), null, Timeout.Infinite, executeOnlyOnce: true);
        try
        {
            await gone.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            registration.Unregister(null);
        }
    }

    [DllImport("libc", EntryPoint = "getppid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ParentId();
}
