using System.Diagnostics;
using System.Globalization;
using Research.Chain.Networks;

namespace Research.Tests.Chain.Networks;

/// <summary>A program that records deployments, as another process of the same machine.</summary>
internal static class RecordHost
{
    public static Process Start(string path, int first, int count) => Process.Start(
        new ProcessStartInfo(
            "dotnet",
            [
                typeof(RecordHost).Assembly.Location, "record", path, first.ToString(CultureInfo.InvariantCulture),
                count.ToString(CultureInfo.InvariantCulture),
            ]))!;

    public static async Task RunAsync(string path, string first, string count)
    {
        int from = int.Parse(first, CultureInfo.InvariantCulture);
        for (int i = 0; i < int.Parse(count, CultureInfo.InvariantCulture); i++)
        {
            await new DeploymentRecord(path).RecordAsync(DeploymentRecordTests.Made(from + i));
        }
    }
}
