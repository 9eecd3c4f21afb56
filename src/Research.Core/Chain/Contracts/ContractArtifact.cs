using System.Text.Json;
using Research.Chain.Abi;
using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>What the compiler made of a contract, embedded in this assembly.</summary>
/// <param name="Abi">Its ABI.</param>
/// <param name="Bytecode">The creation code.</param>
internal sealed record ContractArtifact(AbiContract Abi, ReadOnlyMemory<byte> Bytecode)
{
    public static ContractArtifact Load(string contract)
    {
        using Stream stream = typeof(ContractArtifact).Assembly.GetManifestResourceStream($"{contract}.json")
            ?? throw new InvalidOperationException($"{contract}.json is not embedded in Research.Core.");
        using JsonDocument document = JsonDocument.Parse(stream);
        JsonElement root = document.RootElement;
        byte[] abi = JsonSerializer.SerializeToUtf8Bytes(root.GetProperty("abi"));
        return new ContractArtifact(AbiContract.Parse(abi), Hex.Decode(root.GetProperty("bytecode").GetString()));
    }
}
