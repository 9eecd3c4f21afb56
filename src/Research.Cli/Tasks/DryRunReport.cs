using System.CommandLine;
using Research.Chain.Networks;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Cli.Tasks;

/// <summary>What a verb with <c>--dry-run</c> would have sent first; what depends on that is not known before.</summary>
internal static class DryRunReport
{
    public static Task WriteAsync(DryRunException planned, ParseResult parse, TextWriter output)
    {
        Wei expected = planned.GasPrice * planned.GasExpected;
        Wei most = planned.MaximumGasPrice * planned.GasLimit;
        EthereumNetwork? network = ChainNetwork.Find(parse, planned.ChainId);
        Currency currency = Currency.Native(network?.Symbol);
        VerbReport report = new(network);
        report
            .Line("dry run", "nothing was sent, and what else it would send depends on this")
            .Field("dryRun", true)
            .Field("chainId", planned.ChainId)
            .Account("from", planned.From);
        if (planned.To is Address to)
        {
            report.Account("to", to);
        }
        else
        {
            report.Line("to", "a new contract").Field("to", null);
        }

        report
            .Line("calls", planned.Function ?? (planned.To is null ? "the deployment" : "a function that is not known here"))
            .Field("function", planned.Function)
            .Line("sends", currency.Of(planned.Value))
            .Field("valueWei", VerbReport.Json(planned.Value))
            .Line("gas", $"about {planned.GasExpected}, at most {planned.GasLimit}")
            .Field("gasExpected", planned.GasExpected)
            .Field("gasLimit", planned.GasLimit)
            .Line("fee now", $"about {currency.Of(expected)}, at most {currency.Of(most)}")
            .Field("feeWei", VerbReport.Json(expected))
            .Field("mostFeeWei", VerbReport.Json(most))
            .Field("symbol", currency.Symbol);
        return report.WriteAsync(parse.GetValue<bool>("--json"), output);
    }
}
