using Research.Storage;
using Research.Storage.Ipfs;

namespace Research.Tests.Storage.Ipfs;

/// <summary>Blocks in memory.</summary>
internal sealed class BlockShelf : IBlockSource
{
    public string Name => "shelf";

    public Dictionary<Cid, byte[]> Blocks { get; } = [];

    public int Asked { get; private set; }

    public void Put(Cid cid, ReadOnlyMemory<byte> block) => Blocks[cid] = block.ToArray();

    public Cid Put(byte[] raw)
    {
        Cid cid = Cid.RawOf(ContentHash.Of(raw));
        Blocks[cid] = raw;
        return cid;
    }

    public Cid Put(UnixFsNode node)
    {
        byte[] block = node.ToBlock();
        Cid cid = new(CidCodec.DagPb, ContentHash.Of(block));
        Blocks[cid] = block;
        return cid;
    }

    public Task<byte[]?> FindBlockAsync(Cid cid, long mostBytes, CancellationToken cancellationToken)
    {
        Asked++;
        return Task.FromResult(Blocks.GetValueOrDefault(cid));
    }
}
