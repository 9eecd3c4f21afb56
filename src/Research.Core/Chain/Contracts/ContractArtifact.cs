using System.Text.Json;
using Nethereum.ABI.ABIDeserialisation;
using Nethereum.ABI.Model;
using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>What the compiler made of a contract, embedded in this assembly.</summary>
/// <param name="Name">Its name.</param>
/// <param name="AbiJson">Its ABI as JSON.</param>
/// <param name="Bytecode">The creation code.</param>
/// <param name="CodeHash">The Keccak-256 of the runtime code, which is the same wherever it is deployed.</param>
internal sealed record ContractArtifact(
    string Name, string AbiJson, ReadOnlyMemory<byte> Bytecode, Bytes32 CodeHash)
{
    /// <summary>Gets its ABI, parsed when first asked for.</summary>
    public Lazy<ContractABI> Abi { get; } = new(() => ABIDeserialiserFactory.DeserialiseContractABI(AbiJson));

    /// <summary>Gets the topics of the events that may be kept between runs: what a list of tasks is made of.</summary>
    /// <remarks>No others: a node that once left one out must not hide a reveal, a demand or a claim for good.</remarks>
    public Lazy<IReadOnlyList<Bytes32>> ListedEvents { get; } = new(() =>
    [
        .. ABIDeserialiserFactory.DeserialiseContractABI(AbiJson).Events
            .Where(one => one.Name == "TaskPublished")
            .Select(one => Bytes32.Parse(one.Sha3Signature)),
    ]);

    public static ContractArtifact Load(string contract)
    {
        using Stream stream = typeof(ContractArtifact).Assembly.GetManifestResourceStream($"{contract}.json")
            ?? throw new InvalidOperationException($"{contract}.json is not embedded in Research.Core.");
        using JsonDocument document = JsonDocument.Parse(stream);
        JsonElement root = document.RootElement;
        return new ContractArtifact(
            contract,
            root.GetProperty("abi").GetRawText(),
            Hex.Decode(root.GetProperty("bytecode").GetString()),
            Keccak256.Hash(Hex.Decode(root.GetProperty("runtimeBytecode").GetString())));
    }
}
