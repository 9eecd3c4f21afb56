namespace Research.Storage.Ipfs;

/// <summary>What a block's bytes are, by their number in the multicodec table.</summary>
public enum CidCodec
{
    /// <summary>Bytes as they are.</summary>
    Raw = 0x55,

    /// <summary>A node of a Merkle DAG: links to other blocks, and data.</summary>
    DagPb = 0x70,
}
