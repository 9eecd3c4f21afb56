using System.Text.Json.Nodes;

namespace Research.Scripting.Comms;

/// <summary>What the two ends of a comm send each other.</summary>
/// <param name="Data">JSON; by Jupyter's convention an object.</param>
/// <param name="Metadata">Notes about it.</param>
/// <param name="Buffers">Binary data that travels beside the JSON.</param>
public sealed record CommMessage(
    JsonNode? Data, JsonObject Metadata, IReadOnlyList<ReadOnlyMemory<byte>> Buffers)
{
    /// <summary>Makes a message of JSON alone.</summary>
    /// <param name="data">The JSON.</param>
    public CommMessage(JsonNode? data)
        : this(data, [], [])
    {
    }
}
