using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Research.Chain.Primitives;
using Research.Cli.Tasks;

namespace Research.Cli.Commands.Tasks;

/// <summary>Arguments and options that several <c>research task</c> verbs take.</summary>
internal static class TaskArguments
{
    /// <summary>Creates the argument that numbers a task.</summary>
    public static Argument<ulong> Id() => new("ID")
    {
        Description = "The task's number, from 1.",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong id) && id > 0)
            {
                return id;
            }

            result.AddError($"ID: expected a task's number, from 1, got {(text.Length == 0 ? "nothing" : text)}.");
            return 0;
        },
    };

    /// <summary>Creates the option that numbers a round as people do, from 1.</summary>
    public static Option<int?> Round(string otherwise) =>
        BoundedOption.Optional("--round", $"The round, {otherwise} if left out", 1, ushort.MaxValue);

    /// <summary>Gets the round as the market numbers it, from 0; null where none was given.</summary>
    public static int? ReadRound(this ParseResult parse, Option<int?> round) => parse.GetValue(round) - 1;

    /// <summary>Creates an option for an amount of ether, exact to the wei.</summary>
    public static Option<Wei?> Ether(string name, string description, bool isRequired = false) => new(name)
    {
        Description = $"{description}, in the chain's own currency (ETH on most), such as 10 or 0.05.",
        HelpName = "AMOUNT",
        Required = isRequired,
        CustomParser = result => ReadEther(result, name),
    };

    /// <summary>Creates an option for an amount of a currency that is known only later.</summary>
    public static Option<string?> Amount(string name, string description)
    {
        Option<string?> option = new(name)
        {
            Description = $"{description}, such as 10 or 0.05.",
            HelpName = "AMOUNT",
            Required = true,
        };
        option.Validators.Add(result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (!Currency.IsAmount(text))
            {
                result.AddError(
                    $"{name}: expected an amount such as 10 or 0.05, got {(text.Length == 0 ? "nothing" : text)}.");
            }
        });
        return option;
    }

    /// <summary>Creates an option that names an account.</summary>
    public static Option<Address?> Account(string name, string description) => new(name)
    {
        Description = $"{description}.",
        HelpName = "ADDRESS",
        CustomParser = result => ReadAccount(result, name),
    };

    /// <summary>Creates the option that names who is paid.</summary>
    public static Option<Address?> Recipient() =>
        Account("--recipient", "Who is paid; left out, the account that signs");

    /// <summary>Creates an argument that names an account.</summary>
    public static Argument<Address?> AccountArgument(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => ReadAccount(result, name),
    };

    private static Address? ReadAccount(ArgumentResult result, string name)
    {
        try
        {
            return Address.Parse(result.Tokens.Count == 1 ? result.Tokens[0].Value : "");
        }
        catch (FormatException e)
        {
            result.AddError($"{name}: {e.Message}");
            return null;
        }
    }

    private static Wei? ReadEther(ArgumentResult result, string name)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        try
        {
            return Wei.FromEther(text);
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException)
        {
            result.AddError(
                $"{name}: expected an amount such as 10 or 0.05, with at most 18 decimals, "
                + $"got {(text.Length == 0 ? "nothing" : text)}.");
            return null;
        }
    }
}
