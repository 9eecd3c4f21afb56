using Research.Storage;
using Research.Storage.Ipfs;

namespace Research.Tests.Storage.Ipfs;

public sealed class UnixFsTests
{
    private const int Quarter = 256 << 10;
    private const int Mega = 1 << 20;

    // Oracle: kubo 0.43, test/cli/cid_profiles_test.go, profiles unixfs-v0-2015 and unixfs-v1-2025.
    [Theory]
    [InlineData("chunk-v0-seed", Quarter, 174, false, Quarter, "QmWmRj3dFDZdb6ABvbmKhEL6TmPbAfBZ1t5BxsEyJrcZhE")]
    [InlineData("chunk-v0-seed", Quarter, 174, false, Quarter + 1, "QmYyLxtzZyW22zpoVAtKANLRHpDjZtNeDjQdJrcQNWoRkJ")]
    [InlineData("v0-seed", Quarter, 174, false, 174 * Quarter, "QmUbBALi174SnogsUzLpYbD4xPiBSFANF4iztWCsHbMKh2")]
    [InlineData("v0-seed", Quarter, 174, false, (174 * Quarter) + 1, "QmV81WL765sC8DXsRhE5fJv2rwhS4icHRaf3J9Zk5FdRnW")]
    [InlineData("chunk-v1-seed", Mega, 1024, true, Mega, "bafkreiacndfy443ter6qr2tmbbdhadvxxheowwf75s6zehscklu6ezxmta")]
    [InlineData("chunk-v1-seed", Mega, 1024, true, Mega + 1, "bafybeigmix7t42i6jacydtquhet7srwvgpizfg7gjbq7627d35mjomtu64")]
    public void Write_KubosOwnVectors_GiveItsCids(
        string seed, int chunkBytes, int linksPerNode, bool rawLeaves, int size, string expected)
    {
        byte[] content = Keystream.Of(seed, size);

        Cid root = UnixFs.Write(content, new UnixFsLayout(chunkBytes, linksPerNode, rawLeaves), (_, _) => { });

        Assert.Equal(expected, root.ToString());
        if (linksPerNode == 1024)
        {
            Assert.Equal(root, UnixFs.RootOf(content)); // Two leaves: the width does not matter yet.
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(300)]
    [InlineData(301)]
    [InlineData(901)]
    [InlineData(2789)]
    public async Task ReadAsync_BlocksAsWritten_GivesTheContent(int size)
    {
        byte[] content = Keystream.Of("read", size);
        foreach (bool rawLeaves in (bool[])[true, false])
        {
            BlockShelf shelf = new();
            Cid root = UnixFs.Write(content, new UnixFsLayout(100, 3, rawLeaves), shelf.Put);

            Assert.Equal(content, await new UnixFsReader(shelf, root).ReadAsync(size, CancellationToken.None));
            if (size > 0)
            {
                InvalidDataException large = await Assert.ThrowsAsync<InvalidDataException>(
                    () => new UnixFsReader(shelf, root).ReadAsync(size - 1, CancellationToken.None));
                Assert.Contains($"expected a file of at most {size - 1} bytes, got {size}", large.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task ReadAsync_BlockMissing_NamesItAndTheRoot()
    {
        BlockShelf shelf = new();
        Cid root = UnixFs.Write(Keystream.Of("missing", 1000), new UnixFsLayout(100, 3), shelf.Put);
        Cid lost = shelf.Blocks.Keys.First();
        shelf.Blocks.Remove(lost);

        StoreException error = await Assert.ThrowsAsync<StoreException>(
            () => new UnixFsReader(shelf, root).ReadAsync(1000, CancellationToken.None));

        Assert.Contains(lost.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains(root.ToString(), error.Message, StringComparison.Ordinal);
        shelf.Blocks.Remove(root);
        Assert.Null(await new UnixFsReader(shelf, root).ReadAsync(1000, CancellationToken.None));
    }

    [Fact]
    public async Task ReadAsync_SizesThatLie_AreRefused()
    {
        BlockShelf shelf = new();
        Cid leaf = shelf.Put([1, 2, 3]);
        await RefusedAsync([new UnixFsLink(leaf, 2, 3)], "expected 2 bytes of the file");
        await RefusedAsync([new UnixFsLink(leaf, 4, 3)], "expected 4 bytes of the file");
        Cid inner = shelf.Put(new UnixFsNode([new UnixFsLink(leaf, 3, 3)], default));
        await RefusedAsync([new UnixFsLink(inner, 4, 3)], "expected 4 bytes of the file");
        await RefusedAsync([new UnixFsLink(leaf, 0, 3)], "expected parts of 1 to");

        async Task RefusedAsync(UnixFsLink[] links, string why)
        {
            Cid root = shelf.Put(new UnixFsNode(links, default));
            InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
                () => new UnixFsReader(shelf, root).ReadAsync(1000, CancellationToken.None));
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }
    }

    // Ten levels of ten links to the same: 400 bytes each, 10^10 blocks to walk, a file of as many bytes.
    [Fact]
    public async Task ReadAsync_ManyBlocksOfNothingMuch_EndsSoon()
    {
        BlockShelf shelf = new();
        UnixFsLink link = new(shelf.Put([7]), 1, 1);
        for (int i = 0; i < 9; i++)
        {
            Cid above = shelf.Put(new UnixFsNode([.. Enumerable.Repeat(link, 10)], default));
            link = new UnixFsLink(above, link.FileBytes * 10, 1);
        }

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            () => new UnixFsReader(shelf, link.Cid).ReadAsync(BlobLimits.MostBytes, CancellationToken.None));

        Assert.Contains("expected at most 61099 blocks of a file of 1000000000 bytes", error.Message, StringComparison.Ordinal);
        Assert.InRange(shelf.Asked, 1, 62_000);
    }

    [Theory]
    [InlineData("", "without data")]
    [InlineData("0A00", "type 18446744073709551615")]
    [InlineData("0A020801", "type 1")] // A folder.
    [InlineData("0A04080218FF", "other bytes")] // Cut within a number.
    [InlineData("0A0408021805", "a file of 0 bytes by its parts, got 5")]
    [InlineData("0A0408022005", "a size for each of 0 links, got 1")]
    [InlineData("0AFFFFFFFF07", "other bytes")] // Two gigabytes promised.
    [InlineData("12000A020802", "a CID in each link")]
    [InlineData("12040A0201700A020802", "links by CIDs")]
    [InlineData("0A0208021200", "tag 18")] // A link after the data.
    [InlineData("1A00", "tag 26")]
    [InlineData("3C68746D6C3E", "tag 60")] // <html>
    public void Read_WhatIsNoFile_SaysWhy(string hex, string why)
    {
        InvalidDataException error =
            Assert.Throws<InvalidDataException>(() => UnixFsNode.Read(Convert.FromHexString(hex)));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Read_AnyChangedByte_NeverThrowsAnythingElse()
    {
        UnixFsNode node = new([new UnixFsLink(Cid.RawOf(default), 3, 3), new UnixFsLink(Cid.RawOf(default), 2, 3)], default);
        byte[] block = node.ToBlock();
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = [.. block.AsSpan(0, random.Next(block.Length + 1))];
            for (int j = random.Next(3); j > 0 && changed.Length > 0; j--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            if (Record.Exception(() => UnixFsNode.Read(changed)) is { } error)
            {
                Assert.IsType<InvalidDataException>(error);
            }
        }
    }

    [Fact]
    public void RootOf_OverTheLimit_Throws() =>
        Assert.Throws<ArgumentException>(() => UnixFs.RootOf(new byte[BlobLimits.MostBytes + 1]));
}
