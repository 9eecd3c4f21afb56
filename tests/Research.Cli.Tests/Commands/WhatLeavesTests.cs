using System.Globalization;
using System.Text;
using System.Text.Json;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Privacy.Ledger;
using Research.Tests.Tools;
using Research.Training;
using Research.Training.Data;

namespace Research.Tests.Commands;

/// <summary>
/// What is readable outside an owner's home depends on the records through noisy sums alone: where these have no effect,
/// data sets of other sizes and contents leave the same bytes.
/// </summary>
/// <remarks>A learning rate of 1e-30 takes every noisy sum to zero: no weight moves by half a unit of its last place.</remarks>
public sealed class WhatLeavesTests : IDisposable
{
    private const string Classes = "abc";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Train_OtherRecordsWithTheSumsAtZero_LeavesTheSameBytes()
    {
        string spec = WriteSpec();
        string[] leaves = [.. await Task.WhenAll(
            Leave("small", Csv(40, 1), spec), Leave("large", Csv(300, 2), spec), Leave("units", Csv(90, 3, units: 7), spec))];

        Assert.Equal(3, leaves.Length);
        foreach (string name in (string[])["model.safetensors", "model.onnx", "statement.json", "update.safetensors"])
        {
            byte[][] files = [.. leaves.Select(folder => File.ReadAllBytes(Path.Combine(folder, name)))];
            Assert.True(files[0].Length > 100, name);
            Assert.All(files, file => Assert.Equal(files[0], file));
        }

        foreach (string file in leaves.SelectMany(folder => Directory.GetFiles(folder)))
        {
            string text = Encoding.Latin1.GetString(File.ReadAllBytes(file));
            Assert.DoesNotContain("records-", text, StringComparison.Ordinal); // the data's file
            Assert.DoesNotContain(_folder.Path, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Demo_OfAnOwnersCsv_IsRefusedBeforeAnythingIsRead()
    {
        string data = _folder.Write("records-mine.csv", Csv(40, 1));
        CommandLineResult result = await CommandLine.RunAsync(
            "demo", "--dataset", $"csv:{data}", "--out", _folder["report"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--dataset: expected public data, got a csv: without --public-data", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["report"]));
    }

    [Fact]
    public void Notebooks_StoredOutputs_AreOfPublicDataOnly()
    {
        string[] notebooks = Directory.GetFiles(Path.Combine(ExternalTool.RepositoryRoot, "notebooks"), "*.ipynb");
        Assert.NotEmpty(notebooks);
        foreach (string notebook in notebooks)
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(notebook));
            JsonElement[] cells = [.. document.RootElement.GetProperty("cells").EnumerateArray()];
            string code = string.Concat(cells
                .Where(cell => cell.GetProperty("cell_type").GetString() == "code")
                .Select(cell => cell.GetProperty("source").ToString()));
            string outputs = string.Concat(cells
                .Where(cell => cell.TryGetProperty("outputs", out _))
                .Select(cell => cell.GetProperty("outputs").ToString()));
            Assert.DoesNotContain("csv:", code, StringComparison.Ordinal);
            Assert.All(
                (string[])["csv:", "/home/", "/root/", "/tmp/"],
                place => Assert.DoesNotContain(place, outputs, StringComparison.Ordinal));
        }
    }

    // All that one owner lets out, in a folder of its own.
    private async Task<string> Leave(string owner, string csv, string spec)
    {
        string data = _folder.Write($"records-{owner}.csv", csv);
        string home = _folder[$"home-{owner}"];
        string leaves = Directory.CreateDirectory(_folder[$"leaves-{owner}"]).FullName;
        string Out(string name) => Path.Combine(leaves, name);

        CommandLineResult trained = await CommandLine.RunAsync(
            "train", "--spec", spec, "--data", $"csv:{data}", "--ledger", home, "--epsilon-cap", "400",
            "--out", Out("model.safetensors"), "--onnx", Out("model.onnx"));
        Assert.True(trained.ExitCode == 0, trained.Error);

        ModelSpec read = ModelSpec.Load(spec);
        GlobalModel start = GlobalModel.Initial(read);
        TrainingRun run = Trainer.Train(
            read, Datasets.Open($"csv:{data}").Train, new TrainerOptions { Initial = start.ToCheckpoint() });
        PrivacyLedger ledger = PrivacyLedger.Open(home);
        ModelUpdate update = ModelUpdate.Release(run, start, 0, ledger, "task 1");
        File.WriteAllBytes(Out("update.safetensors"), update.Bytes.ToArray());

        CommandLineResult stated = await CommandLine.RunAsync("ledger", "statement", home, "--out", Out("statement.json"));
        Assert.True(stated.ExitCode == 0, stated.Error);
        Assert.Equal(2, JsonDocument.Parse(File.ReadAllText(Out("statement.json"))).RootElement
            .GetProperty("releases").GetArrayLength());
        return leaves;
    }

    private static string Csv(int rows, int seed, int units = 0)
    {
        Random random = new(seed);
        StringBuilder text = new(units > 0 ? "x,y,unit,label\n" : "x,y,label\n");
        for (int i = 0; i < rows; i++)
        {
            string unit = units > 0 ? $"person{i % units}," : "";
            text.Append(CultureInfo.InvariantCulture, $"{random.NextDouble()},{random.NextDouble()},{unit}{i % Classes.Length}\n");
        }

        return text.ToString();
    }

    private string WriteSpec() => _folder.Write("spec.json", """
        {
          "format": "research-spec/1",
          "name": "still",
          "model": { "input": [2], "seed": 1, "layers": [{ "type": "linear", "inputs": 2, "outputs": 3 }] },
          "loss": { "type": "crossEntropy" },
          "optimizer": { "type": "sgd", "learningRate": 1e-30, "momentum": 0 },
          "training": { "batchSize": 10, "steps": 5 },
          "privacy": { "sampleRate": 0.2, "clipNorm": 1, "noiseMultiplier": 8, "delta": 0.00001, "epsilonCap": 400 }
        }
        """);
}
