using System.Diagnostics;
using System.Security.Cryptography;
using NBitcoin;
using Research.Chain.Primitives;

namespace Research.Chain.Wallets;

/// <summary>The words from which a wallet's accounts are derived; it never shows them but by <see cref="Reveal"/>.</summary>
/// <remarks>
/// Sources: BIP-39 (English word list), BIP-32, BIP-44 with coin type 60; by NBitcoin, which brings a passphrase into
/// Unicode's normal form KD itself: the runtime does not, without language data. Limit: NBitcoin keeps the words as
/// strings, which nobody can zero.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class MnemonicPhrase
{
    private const int LongestText = 1024;
    private const string Hidden = "(secret, not shown)";

    private readonly Mnemonic _mnemonic;

    private MnemonicPhrase(Mnemonic mnemonic) => _mnemonic = mnemonic;

    /// <summary>Gets how many words there are.</summary>
    public int Count => _mnemonic.Indices.Length;

    /// <summary>Makes a new one from the operating system's cryptographic generator.</summary>
    /// <param name="words">How many words: 12, 15, 18, 21 or 24.</param>
    public static MnemonicPhrase Generate(int words = 12)
    {
        if (!IsCount(words))
        {
            throw new ArgumentOutOfRangeException(nameof(words), words, "Expected 12, 15, 18, 21 or 24 words.");
        }

        byte[] entropy = RandomNumberGenerator.GetBytes(words / 3 * 4);
        try
        {
            return FromEntropy(entropy);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(entropy);
        }
    }

    /// <summary>Reads words in any letter case, apart by white space.</summary>
    /// <exception cref="WalletException">They are no mnemonic; the message says which word, and never what it
    /// is.</exception>
    public static MnemonicPhrase Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LongestText)
        {
            throw new WalletException(FormattableString.Invariant(
                $"Expected the words of a mnemonic, at most {LongestText} characters, got {text.Length}."));
        }

        string[] words = text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (!IsCount(words.Length))
        {
            throw new WalletException(FormattableString.Invariant(
                $"Expected the 12, 15, 18, 21 or 24 words of a mnemonic, got {words.Length}."));
        }

        int wrong = Array.FindIndex(words, word => !Wordlist.English.WordExists(word, out _));
        if (wrong >= 0)
        {
            throw new WalletException(FormattableString.Invariant(
                $"Word {wrong + 1} of {words.Length} is not in the English list of BIP-39: it may be mistyped."));
        }

        Mnemonic mnemonic = new(string.Join(' ', words), Wordlist.English);
        return mnemonic.IsValidChecksum ? new MnemonicPhrase(mnemonic) : throw new WalletException(
            "The words are all in the list, but their checksum does not fit: one is another word, or two are swapped.");
    }

    /// <summary>Derives the private key of the account m/44'/60'/0'/0/<paramref name="index"/>, 32 bytes; whoever calls
    /// zeroes them.</summary>
    /// <param name="index">Which account, from 0.</param>
    /// <param name="passphrase">BIP-39's passphrase, a second secret beside the words; empty where there is none.</param>
    public byte[] DerivePrivateKey(int index, string passphrase = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentNullException.ThrowIfNull(passphrase);
        ExtKey root = _mnemonic.DeriveExtKey(passphrase);
        ExtKey child = root.Derive(new KeyPath(FormattableString.Invariant($"m/44'/60'/0'/0/{index}")));
        byte[] key = child.PrivateKey.ToBytes();
        root.PrivateKey.Dispose();
        child.PrivateKey.Dispose();
        return key;
    }

    /// <summary>Gets the address of the account m/44'/60'/0'/0/<paramref name="index"/>.</summary>
    public Address AddressOf(int index, string passphrase = "")
    {
        byte[] key = DerivePrivateKey(index, passphrase);
        try
        {
            return new Signing.PrivateKeyAccount(key).Address;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Gets the words, apart by blanks: to be written on paper, not into an output.</summary>
    public string Reveal() => _mnemonic.ToString();

    /// <summary>Says that it is a secret.</summary>
    public override string ToString() => Hidden;

    internal static MnemonicPhrase FromEntropy(byte[] entropy) => new(new Mnemonic(Wordlist.English, entropy));

    internal byte[] Seed(string passphrase) => _mnemonic.DeriveSeed(passphrase);

    private static bool IsCount(int words) => words is 12 or 15 or 18 or 21 or 24;
}
