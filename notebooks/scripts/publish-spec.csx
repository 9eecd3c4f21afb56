#r "nuget: Research.Core"
// csharprepl loads only packages that a script names; other hosts bring these with the first.
#r "nuget: Nethereum.Util, 6.1.0"
#r "nuget: Nethereum.ABI, 6.1.0"
#r "nuget: Nethereum.Hex, 6.1.0"
#r "nuget: Nethereum.RLP, 6.1.0"
#r "nuget: Nethereum.Model, 6.1.0"
#r "nuget: Nethereum.Merkle.Patricia, 6.1.0"
#r "nuget: Nethereum.JsonRpc.Client, 6.1.0"
#r "nuget: Nethereum.RPC, 6.1.0"
#r "nuget: Nethereum.Contracts, 6.1.0"
#r "nuget: Nethereum.Signer, 6.1.0"
#r "nuget: Nethereum.Accounts, 6.1.0"
#r "nuget: Nethereum.KeyStore, 6.1.0"
#r "nuget: Nethereum.BlockchainProcessing, 6.1.0"
#r "nuget: Nethereum.Web3, 6.1.0"
#r "nuget: NBitcoin.Secp256k1, 3.1.1"
#r "nuget: NBitcoin, 10.0.20"

// Publishes the digits task with a funded pool: on a local chain that ends with the script, or on any other.
//
//     research script notebooks/scripts/publish-spec.csx [--pool 9] [--store FOLDER] [--rpc URL] [--market ADDRESS]
//
// --rpc, or the variable RESEARCH_RPC, names a node: then the account's key comes from RESEARCH_PRIVATE_KEY, --store must
// name the folder where participants will find the specification, and without --market a new market is deployed. The
// evaluation records and their keys are kept in ./evaluations, which must stay secret;
// 'research task open ID --private-folder .' opens what is due.
// Exit 0: published. 1: refused, or the node cannot be reached. 2: wrong usage.

using System.Globalization;
using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;
using Research.Federation.Evaluation;
using Research.Market;
using Research.Privacy.Accounting;
using Research.Storage;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Optimizers;

const int Rounds = 3;
const int StepsPerRound = 30;
const double SampleRate = 0.15;
const double Delta = 1e-5;
const double EpsilonCap = 6;

string pool = "9";
string rpc = Environment.GetEnvironmentVariable("RESEARCH_RPC") ?? "";
string marketAddress = "";
string storeFolder = "";
for (int i = 0; i < args.Length; i += 2)
{
    string value = i + 1 < args.Length ? args[i + 1] : "";
    switch (args[i])
    {
        case "--pool" when value.Length > 0: pool = value; break;
        case "--rpc" when Uri.IsWellFormedUriString(value, UriKind.Absolute): rpc = value; break;
        case "--market" when value.Length > 0: marketAddress = value; break;
        case "--store" when value.Length > 0: storeFolder = value; break;
        default:
            Console.Error.WriteLine($"Expected [--pool ETH] [--store FOLDER] [--rpc URL] [--market ADDRESS]; got '{args[i]} {value}'.");
            return 2;
    }
}

if (rpc.Length > 0 && storeFolder.Length == 0)
{
    Console.Error.WriteLine("A task on a chain that stays needs --store FOLDER: without its specification nobody can take part.");
    return 2;
}

string temporary = storeFolder.Length == 0 ? Directory.CreateTempSubdirectory("research-").FullName : null;
DevChain local = null;
EthereumClient remote = null;
try
{
    local = rpc.Length == 0 ? await DevChain.StartAsync() : null;
    remote = rpc.Length == 0 ? null : new EthereumClient(new Uri(rpc));
    EthereumClient client = local?.Client ?? remote;
    PrivateKeyAccount account = local?.Accounts[0] ?? PrivateKeyAccount.FromEnvironment("RESEARCH_PRIVATE_KEY");

    DatasetSplit digits = Datasets.Open("digits");
    IReadOnlyList<EvaluationRecords> evaluations = EvaluationRecords.ForRounds(digits.Test, Rounds); // Fresh secret keys.
    double noise = Calibration.NoiseMultiplier(EpsilonCap, Delta, SampleRate, Rounds * StepsPerRound);
    ModelSpec spec = new()
    {
        Name = "digits-mlp",
        Model = new ModelSection([64], Seed: 1, [new Linear(64, 32), new ReLU(), new Linear(32, 10)]),
        Optimizer = new Sgd(LearningRate: 0.5, Momentum: 0.5),
        Training = new TrainingSection(BatchSize: 54, StepsPerRound),
        Privacy = new PrivacySection(SampleRate, ClipNorm: 1, Math.Ceiling(noise * 1000) / 1000, Delta, EpsilonCap),
        Task = new TaskSection(
            Rounds,
            new RewardSection(Records: 359),
            EvaluationRecords.SectionOf(evaluations),
            Licence: "CC-BY-4.0",
            Consent: "I may use these records, and I release only updates with the noise fixed here."),
    };
    Terms terms = Sponsor.TermsFor(spec, Wei.FromEther(pool));

    TrainingMarket market = marketAddress.Length == 0
        ? await TrainingMarket.DeployAsync(client, account)
        : new TrainingMarket(client, Address.Parse(marketAddress), account);
    FolderStore store = new(temporary ?? storeFolder);
    if (temporary is null)
    {
        foreach (EvaluationRecords records in evaluations)
        {
            await records.KeepAsync(new FolderStore("evaluations")); // Before anything is locked.
        }
    }

    Publication publication = await new Sponsor(market, store).PublishAsync(spec, terms, evaluations);
    Console.WriteLine($"""
        chain          {await client.GetChainIdAsync()}{(local is null ? "" : " (local, ends now)")}
        market         {market.Address}
        task           {publication.TaskId}
        specification  {spec.Hash}
        pool           {terms.Pool} for {terms.Rounds} rounds
        sponsor        {account.Address}
        transaction    {publication.Receipt.TransactionHash}
        """);
    return 0;
}
catch (FormatException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}
catch (Exception refused) when (refused is ChainException or InvalidOperationException)
{
    Console.Error.WriteLine(refused.Message);
    return 1;
}
finally
{
    remote?.Dispose();
    if (local is not null)
    {
        await local.DisposeAsync();
    }

    if (temporary is not null)
    {
        Directory.Delete(temporary, recursive: true);
    }
}
