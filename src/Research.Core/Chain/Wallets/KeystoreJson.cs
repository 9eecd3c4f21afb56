using System.Buffers;
using System.Text.Json;
using Research.Chain.Primitives;

namespace Research.Chain.Wallets;

/// <summary>Reads and writes the JSON of keystore files: bounded, and strict about everything that is used.</summary>
/// <remarks>
/// Members that are not used may be anything (ethers adds <c>x-ethers</c>); <c>Crypto</c> with a capital is an older
/// MyEtherWallet's.
/// </remarks>
internal static class KeystoreJson
{
    private const int MostDepth = 8;
    private const int IvBytes = 16;
    private const int MacBytes = 32;
    private const int MostSaltBytes = 128;

    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = MostDepth,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads a file; nothing is derived or decrypted.</summary>
    /// <exception cref="WalletException">A field is not as it should be; the message names it.</exception>
    public static (Address? Address, KeystoreCrypto Crypto) Read(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > Keystore.MaximumBytes)
        {
            throw new WalletException(FormattableString.Invariant(
                $"Expected a keystore of at most {Keystore.MaximumBytes} bytes, got {utf8.Length}."));
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, Options);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // The latter of broken UTF-16.
        {
            throw new WalletException(
                $"Expected a keystore in JSON without doubled names, at most {MostDepth} levels deep: {e.Message}", e);
        }
    }

    public static byte[] Write(Address address, KeystoreCrypto crypto, Guid id)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("address", Convert.ToHexStringLower(address.ToArray())); // As geth does: no 0x.
            json.WriteStartObject("crypto");
            json.WriteString("cipher", KeystoreCrypto.Cipher);
            json.WriteStartObject("cipherparams");
            json.WriteString("iv", Convert.ToHexStringLower(crypto.Iv));
            json.WriteEndObject();
            json.WriteString("ciphertext", Convert.ToHexStringLower(crypto.Ciphertext));
            json.WriteString("kdf", crypto.Derivation.Name);
            WriteParameters(json, crypto);
            json.WriteString("mac", Convert.ToHexStringLower(crypto.Mac));
            json.WriteEndObject();
            json.WriteString("id", id);
            json.WriteNumber("version", Keystore.Version);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteParameters(Utf8JsonWriter json, KeystoreCrypto crypto)
    {
        json.WriteStartObject("kdfparams");
        json.WriteNumber("dklen", KeyDerivation.KeyBytes);
        json.WriteString("salt", Convert.ToHexStringLower(crypto.Salt));
        switch (crypto.Derivation)
        {
            case ScryptDerivation scrypt:
                json.WriteNumber("n", scrypt.N);
                json.WriteNumber("r", scrypt.R);
                json.WriteNumber("p", scrypt.P);
                break;
            case Pbkdf2Derivation pbkdf2:
                json.WriteNumber("c", pbkdf2.Iterations);
                json.WriteString("prf", "hmac-sha256");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(crypto), crypto.Derivation, "There is no such derivation.");
        }

        json.WriteEndObject();
    }

    private static (Address? Address, KeystoreCrypto Crypto) Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new WalletException($"Expected a keystore, a JSON object, got {Named(root)}.");
        }

        int version = Integer(root, "version", "version");
        if (version != Keystore.Version)
        {
            throw new WalletException(FormattableString.Invariant(
                $"version: expected {Keystore.Version}, got {version}."));
        }

        JsonElement crypto = Object(root, root.TryGetProperty("Crypto", out _) ? "Crypto" : "crypto", "crypto");
        Require(crypto, "cipher", "crypto.cipher", KeystoreCrypto.Cipher);
        JsonElement cipher = Object(crypto, "cipherparams", "crypto.cipherparams");
        JsonElement parameters = Object(crypto, "kdfparams", "crypto.kdfparams");
        KeyDerivation derivation = ReadDerivation(Text(crypto, "kdf", "crypto.kdf"), parameters);
        derivation.Check();
        int length = Integer(parameters, "dklen", "crypto.kdfparams.dklen");
        if (length != KeyDerivation.KeyBytes)
        {
            throw new WalletException(FormattableString.Invariant(
                $"crypto.kdfparams.dklen: expected {KeyDerivation.KeyBytes}, got {length}."));
        }

        return (ReadAddress(root), new KeystoreCrypto
        {
            Derivation = derivation,
            Salt = Bytes(parameters, "salt", "crypto.kdfparams.salt", 1, MostSaltBytes),
            Iv = Bytes(cipher, "iv", "crypto.cipherparams.iv", IvBytes, IvBytes),
            Ciphertext = Bytes(crypto, "ciphertext", "crypto.ciphertext", 1, Keystore.KeyBytes),
            Mac = Bytes(crypto, "mac", "crypto.mac", MacBytes, MacBytes),
        });
    }

    private static KeyDerivation ReadDerivation(string kdf, JsonElement parameters)
    {
        switch (kdf)
        {
            case "scrypt":
                return new ScryptDerivation(
                    Integer(parameters, "n", "crypto.kdfparams.n"),
                    Integer(parameters, "r", "crypto.kdfparams.r"),
                    Integer(parameters, "p", "crypto.kdfparams.p"));
            case "pbkdf2":
                Require(parameters, "prf", "crypto.kdfparams.prf", "hmac-sha256");
                return new Pbkdf2Derivation(Integer(parameters, "c", "crypto.kdfparams.c"));
            default:
                throw new WalletException($"crypto.kdf: expected scrypt or pbkdf2, got {Hex.Excerpt(kdf)}.");
        }
    }

    // cast leaves it out, and others write an empty one.
    private static Address? ReadAddress(JsonElement root)
    {
        if (!root.TryGetProperty("address", out JsonElement field) || field.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        string text = Text(root, "address", "address");
        try
        {
            return text.Length == 0 ? null : Address.Parse(text);
        }
        catch (FormatException e)
        {
            throw new WalletException($"address: {e.Message}", e);
        }
    }

    private static JsonElement Object(JsonElement parent, string name, string path)
    {
        JsonElement field = Field(parent, name, path);
        return field.ValueKind == JsonValueKind.Object
            ? field
            : throw new WalletException($"{path}: expected an object, got {Named(field)}.");
    }

    private static string Text(JsonElement parent, string name, string path)
    {
        JsonElement field = Field(parent, name, path);
        return field.ValueKind == JsonValueKind.String
            ? field.GetString()!
            : throw new WalletException($"{path}: expected text, got {Named(field)}.");
    }

    private static int Integer(JsonElement parent, string name, string path)
    {
        JsonElement field = Field(parent, name, path);
        return field.ValueKind == JsonValueKind.Number && field.TryGetInt32(out int number)
            ? number
            : throw new WalletException($"{path}: expected a whole number of 32 bits, got {Named(field)}.");
    }

    private static byte[] Bytes(JsonElement parent, string name, string path, int least, int most)
    {
        string text = Text(parent, name, path);
        int digits = Hex.WithoutPrefix(text).Length;
        if (digits % 2 != 0 || digits < least * 2 || digits > most * 2)
        {
            string expected = least == most ? $"{most}" : $"{least} to {most}";
            throw new WalletException(FormattableString.Invariant(
                $"{path}: expected {expected} bytes in hex digits, got {digits} digits."));
        }

        try
        {
            return Hex.Decode(text);
        }
        catch (FormatException e)
        {
            throw new WalletException($"{path}: expected hex digits only.", e);
        }
    }

    private static void Require(JsonElement parent, string name, string path, string expected)
    {
        string actual = Text(parent, name, path);
        if (actual != expected)
        {
            throw new WalletException($"{path}: expected {expected}, got {Hex.Excerpt(actual)}.");
        }
    }

    private static JsonElement Field(JsonElement parent, string name, string path) =>
        parent.TryGetProperty(name, out JsonElement field) && field.ValueKind != JsonValueKind.Null
            ? field
            : throw new WalletException($"{path}: is missing.");

    private static string Named(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => Hex.Excerpt(element.GetRawText()),
        JsonValueKind.String => "text",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
