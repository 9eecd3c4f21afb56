using System.Numerics;
using System.Text;
using Research.Chain.Abi;
using Research.Chain.Primitives;
using Research.Tests.Tools;

namespace Research.Tests.Chain.Abi;

public sealed class AbiContractTests
{
    private const string Json = """
        [
          { "type": "constructor", "inputs": [{ "name": "owner", "type": "address" }] },
          { "type": "function", "name": "f", "stateMutability": "view",
            "inputs": [{ "name": "xs", "type": "tuple[2][]", "components": [
              { "name": "a", "type": "uint8" }, { "name": "b", "type": "tuple", "components": [{ "name": "c", "type": "string" }] }] }],
            "outputs": [{ "name": "", "type": "bool" }] },
          { "type": "event", "name": "Moved", "anonymous": false, "inputs": [
            { "name": "from", "type": "address", "indexed": true },
            { "name": "note", "type": "string", "indexed": true },
            { "name": "amount", "type": "uint256", "indexed": false }] },
          { "type": "error", "name": "TooMuch", "inputs": [{ "name": "asked", "type": "uint256" }, { "name": "why", "type": "string" }] },
          { "type": "receive", "stateMutability": "payable" }
        ]
        """;

    private static readonly AbiContract Contract = AbiContract.Parse(Encoding.UTF8.GetBytes(Json));

    [Fact]
    public void Parse_CompilerOutput_ReadsEveryMember()
    {
        Assert.Equal("f((uint8,(string))[2][])", Assert.Single(Contract.Functions).Signature);
        Assert.Equal("(bool)", Contract.Functions[0].Outputs.Name);
        Assert.Equal("Moved(address,string,uint256)", Assert.Single(Contract.Events).Signature);
        Assert.Equal("TooMuch(uint256,string)", Assert.Single(Contract.Errors).Signature);
        Assert.Equal("(address)", Contract.Constructor.Name);
    }

    [RequiresFact("node", "npm")]
    public async Task Selectors_FunctionAndEvent_AgreeWithCast()
    {
        Assert.Equal(
            await Cast.RunAsync("sig", "f((uint8,(string))[2][])"), Hex.Encode(Contract.Functions[0].Selector.Span));
        Assert.Equal(
            await Cast.RunAsync("sig-event", "Moved(address indexed,string indexed,uint256)"),
            Contract.Events[0].Topic.ToString());
    }

    [RequiresFact("node", "npm")]
    public async Task DecodeError_CustomErrorEncodedByCast_GivesNameAndArguments()
    {
        byte[] data = Hex.Decode(await Cast.RunAsync("calldata", "TooMuch(uint256,string)", "42", "no funds"));

        DecodedError error = Contract.DecodeError(data)!;

        Assert.Equal("TooMuch", error.Name);
        Assert.Equal(new BigInteger(42), error.Arguments[0].Value);
        Assert.Equal("TooMuch(asked: 42, why: \"no funds\")", error.ToString());
    }

    // Oracle: Solidity 0.8.37 documentation, "Panic via assert and Error via require", whose example data this is.
    [Fact]
    public void DecodeError_BuiltInErrors_AreKnownToEveryContract()
    {
        byte[] error = Hex.Decode(
            "0x08c379a0"
            + "0000000000000000000000000000000000000000000000000000000000000020"
            + "000000000000000000000000000000000000000000000000000000000000001a"
            + "4e6f7420656e6f7567682045746865722070726f76696465642e000000000000");
        byte[] panic = Hex.Decode("0x4e487b710000000000000000000000000000000000000000000000000000000000000011");

        Assert.Equal("Error(\"Not enough Ether provided.\")", AbiContract.Unknown.DecodeError(error)!.ToString());
        Assert.Equal("Panic(17): arithmetic overflow or underflow", AbiContract.Unknown.DecodeError(panic)!.ToString());
    }

    [Theory]
    [InlineData("0x")]
    [InlineData("0x08c379")]
    [InlineData("0x08c379a0")]
    [InlineData("0xdeadbeef")]
    [InlineData("0x4e487b7100")]
    public void DecodeError_UnknownOrBrokenData_IsNull(string data) =>
        Assert.Null(Contract.DecodeError(Hex.Decode(data)));

    [Fact]
    public void Decode_EventLog_GivesIndexedAndOtherValuesInOrder()
    {
        Address from = Address.Parse("0x52908400098527886E0F7030069857D2E4169EE7");
        Bytes32 note = Keccak256.Hash("hi"u8);
        AbiEvent moved = Contract.Events[0];

        object[] values = moved.Decode(
            [moved.Topic, AbiEvent.EncodeTopic(AbiType.Parse("address"), from), note],
            AbiCodec.Encode(AbiType.Parse("(uint256)"), 7));

        Assert.Equal([from, note, new BigInteger(7)], values);
        Assert.Throws<AbiException>(() => moved.Decode([moved.Topic], []));
        Assert.Throws<AbiException>(() => moved.Decode([note, note, note], new byte[32]));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("[{\"type\":\"function\",\"name\":\"f\"}]")]
    [InlineData("[{\"type\":\"function\",\"name\":\"f\",\"inputs\":[{\"name\":\"x\",\"type\":\"uint7\"}],\"outputs\":[]}]")]
    [InlineData("[{\"type\":1}]")]
    [InlineData("nonsense")]
    public void Parse_NoAbi_Throws(string json) =>
        Assert.Throws<AbiException>(() => AbiContract.Parse(Encoding.UTF8.GetBytes(json)));
}
