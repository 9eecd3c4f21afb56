namespace Research.Storage.Ipfs;

/// <summary>What a gateway gave for a CID.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="IsBlock">Whether they are the block, and held to the CID; else the file, and held to nothing yet.</param>
internal sealed record GatewayAnswer(byte[] Bytes, bool IsBlock);
