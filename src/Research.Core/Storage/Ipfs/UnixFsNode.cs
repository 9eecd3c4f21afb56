using Google.Protobuf;

namespace Research.Storage.Ipfs;

/// <summary>A block of a file's DAG: links to what is below, or data, in dag-pb with UnixFS within.</summary>
/// <remarks>
/// dag-pb (ipld.io/specs/codecs/dag-pb): <c>PBNode { 1: data, 2: repeated PBLink }</c>, links first on the wire;
/// <c>PBLink { 1: CID, 2: name, 3: Tsize }</c>. UnixFS: <c>Data { 1: type, 2: data, 3: filesize, 4: repeated blocksizes
/// }</c>. The encoding is deterministic, and what is read is anybody's: every length is checked against what is there.
/// </remarks>
/// <param name="Links">What is below, in the file's order.</param>
/// <param name="Data">The bytes that the node itself holds; they come before those below.</param>
internal sealed record UnixFsNode(IReadOnlyList<UnixFsLink> Links, ReadOnlyMemory<byte> Data)
{
    private const int RawType = 0;
    private const int FileType = 2;

    /// <summary>Gets how many bytes of the file the node and all below it have.</summary>
    public long FileBytes => Data.Length + Links.Sum(link => link.FileBytes);

    public byte[] ToBlock()
    {
        using MemoryStream block = new();
        using (CodedOutputStream output = new(block, leaveOpen: true))
        {
            foreach (UnixFsLink link in Links)
            {
                output.WriteRawTag(Tag(2, WireFormat.WireType.LengthDelimited));
                output.WriteBytes(ByteString.CopyFrom(LinkBytes(link)));
            }

            output.WriteRawTag(Tag(1, WireFormat.WireType.LengthDelimited));
            output.WriteBytes(ByteString.CopyFrom(FileDescription()));
        }

        return block.ToArray();
    }

    /// <summary>Reads a block.</summary>
    /// <exception cref="InvalidDataException">It is no node of a file; the message says why, without a subject.</exception>
    public static UnixFsNode Read(byte[] block)
    {
        try
        {
            return ReadNode(new CodedInputStream(block));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"expected a dag-pb node, got other bytes ({e.Message})", e);
        }
    }

    private static UnixFsNode ReadNode(CodedInputStream input)
    {
        List<(Cid Cid, long TotalBytes)> links = [];
        ByteString? description = null;
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            switch (tag)
            {
                case (2 << 3) | (int)WireFormat.WireType.LengthDelimited when description is null:
                    links.Add(ReadLink(input.ReadBytes()));
                    break;
                case (1 << 3) | (int)WireFormat.WireType.LengthDelimited when description is null:
                    description = input.ReadBytes();
                    break;
                default:
                    throw new InvalidDataException($"expected links and then data of a dag-pb node, got the tag {tag}");
            }
        }

        return description is null
            ? throw new InvalidDataException("expected a file, got a dag-pb node without data")
            : ReadFile(description, links);
    }

    private static (Cid Cid, long TotalBytes) ReadLink(ByteString bytes)
    {
        CodedInputStream input = bytes.CreateCodedInput();
        Cid? cid = null;
        ulong total = 0;
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            switch (tag)
            {
                case (1 << 3) | (int)WireFormat.WireType.LengthDelimited when cid is null:
                    cid = Cid.TryRead(input.ReadBytes().Span, out Cid read)
                        ? read
                        : throw new InvalidDataException("expected links by CIDs of raw or dag-pb with sha2-256");
                    break;
                case (2 << 3) | (int)WireFormat.WireType.LengthDelimited:
                    _ = input.ReadBytes(); // Names are for folders; a file's links have empty ones.
                    break;
                case (3 << 3) | (int)WireFormat.WireType.Varint:
                    total = input.ReadUInt64();
                    break;
                default:
                    throw new InvalidDataException($"expected CID, name and size of a dag-pb link, got the tag {tag}");
            }
        }

        return cid is { } named
            ? (named, (long)Math.Min(total, long.MaxValue))
            : throw new InvalidDataException("expected a CID in each link, got none");
    }

    private static UnixFsNode ReadFile(ByteString bytes, List<(Cid Cid, long TotalBytes)> links)
    {
        CodedInputStream input = bytes.CreateCodedInput();
        ulong type = ulong.MaxValue;
        ulong? fileBytes = null;
        ByteString data = ByteString.Empty;
        List<long> sizes = [];
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            switch (tag)
            {
                case (1 << 3) | (int)WireFormat.WireType.Varint:
                    type = input.ReadUInt64();
                    break;
                case (2 << 3) | (int)WireFormat.WireType.LengthDelimited:
                    data = input.ReadBytes();
                    break;
                case (3 << 3) | (int)WireFormat.WireType.Varint:
                    fileBytes = input.ReadUInt64();
                    break;
                case (4 << 3) | (int)WireFormat.WireType.Varint:
                    sizes.Add(ReadSize(input.ReadUInt64()));
                    break;
                default:
                    input.SkipLastField(); // Mode and time of change, which a file may have.
                    break;
            }
        }

        if (type is not (RawType or FileType))
        {
            throw new InvalidDataException($"expected a file of UnixFS (type {FileType}), got type {type}");
        }

        if (sizes.Count != links.Count)
        {
            throw new InvalidDataException($"expected a size for each of {links.Count} links, got {sizes.Count}");
        }

        UnixFsNode node = new(
            [.. links.Select((link, i) => new UnixFsLink(link.Cid, sizes[i], link.TotalBytes))], data.Memory);
        return fileBytes is null && links.Count == 0 || fileBytes == (ulong)node.FileBytes
            ? node
            : throw new InvalidDataException($"expected a file of {node.FileBytes} bytes by its parts, got {fileBytes}");
    }

    // A part of nothing would let a few bytes stand for a walk without end.
    private static long ReadSize(ulong size) => size is > 0 and <= BlobLimits.MostBytes
        ? (long)size
        : throw new InvalidDataException($"expected parts of 1 to {BlobLimits.MostBytes} bytes, got {size}");

    private static byte Tag(int field, WireFormat.WireType type) => (byte)((field << 3) | (int)type);

    private static byte[] LinkBytes(UnixFsLink link)
    {
        using MemoryStream bytes = new();
        using (CodedOutputStream output = new(bytes, leaveOpen: true))
        {
            output.WriteRawTag(Tag(1, WireFormat.WireType.LengthDelimited));
            output.WriteBytes(ByteString.CopyFrom(link.Cid.ToArray()));
            output.WriteRawTag(Tag(2, WireFormat.WireType.LengthDelimited));
            output.WriteString(""); // Nodes write the empty name out.
            output.WriteRawTag(Tag(3, WireFormat.WireType.Varint));
            output.WriteInt64(link.TotalBytes);
        }

        return bytes.ToArray();
    }

    private byte[] FileDescription()
    {
        using MemoryStream bytes = new();
        using (CodedOutputStream output = new(bytes, leaveOpen: true))
        {
            output.WriteRawTag(Tag(1, WireFormat.WireType.Varint));
            output.WriteInt32(FileType);
            if (Data.Length > 0)
            {
                output.WriteRawTag(Tag(2, WireFormat.WireType.LengthDelimited));
                output.WriteBytes(UnsafeByteOperations.UnsafeWrap(Data));
            }

            output.WriteRawTag(Tag(3, WireFormat.WireType.Varint));
            output.WriteInt64(FileBytes);
            foreach (UnixFsLink link in Links)
            {
                output.WriteRawTag(Tag(4, WireFormat.WireType.Varint));
                output.WriteInt64(link.FileBytes);
            }
        }

        return bytes.ToArray();
    }
}
