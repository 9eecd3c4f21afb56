using System.Runtime.InteropServices;

namespace Research.Tests.Tools;

/// <summary>ONNX Runtime, by the Node package that <c>contracts/package.json</c> pins.</summary>
internal static class OnnxRuntime
{
    private static readonly string Script =
        Path.Combine(ExternalTool.RepositoryRoot, "tests", "Tools", "onnx-runtime.cjs");

    /// <summary>Computes a model's scores.</summary>
    /// <param name="model">The model's bytes.</param>
    /// <param name="inputs">Examples, row-major.</param>
    /// <param name="shape">Shape of <paramref name="inputs"/>, the batch first.</param>
    public static float[] Run(byte[] model, ReadOnlySpan<float> inputs, params int[] shape)
    {
        NodeTools.EnsureInstalled();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("research-onnx-");
        try
        {
            string file = Path.Combine(folder.FullName, "model.onnx");
            string input = Path.Combine(folder.FullName, "input");
            string output = Path.Combine(folder.FullName, "output");
            File.WriteAllBytes(file, model);
            File.WriteAllBytes(input, MemoryMarshal.AsBytes(inputs).ToArray());
            (int exitCode, string _, string error) = NodeTools.Run(
                "node", Script, file, string.Join('x', shape), input, output);
            return exitCode == 0
                ? MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(output)).ToArray()
                : throw new InvalidOperationException($"ONNX Runtime refused the model:\n{error}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
