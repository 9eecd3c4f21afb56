using System.CommandLine;

namespace Research.Cli.Commands;

/// <summary><c>research store</c>: a store of blobs for people on other machines.</summary>
internal static class StoreCommand
{
    public static Command Create() => new("store", "Serve a store of blobs to other machines.")
    {
        StoreServeCommand.Create(),
    };
}
