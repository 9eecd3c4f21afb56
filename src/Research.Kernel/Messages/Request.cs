using System.Text.Json;

namespace Research.Kernel.Messages;

/// <summary>A message from a client, its signature checked.</summary>
/// <param name="Identity">The peer that sent it, and gets the reply.</param>
/// <param name="Header">Its header as it came: the parent header of whatever answers it.</param>
/// <param name="Id">Its <c>msg_id</c>.</param>
/// <param name="Type">Its <c>msg_type</c>.</param>
/// <param name="Content">What it says.</param>
/// <param name="Metadata">Notes about it.</param>
/// <param name="Buffers">Binary data beside the content.</param>
internal sealed record Request(
    string Identity,
    ReadOnlyMemory<byte> Header,
    string Id,
    string Type,
    RequestContent Content,
    JsonElement Metadata,
    IReadOnlyList<ReadOnlyMemory<byte>> Buffers)
{
    /// <summary>Gets the type of what answers it: <c>complete_reply</c> for <c>complete_request</c>.</summary>
    public string ReplyType =>
        (Type.EndsWith("_request", StringComparison.Ordinal) ? Type[..^"_request".Length] : Type) + "_reply";
}
