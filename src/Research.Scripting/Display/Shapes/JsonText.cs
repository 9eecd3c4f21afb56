using System.Dynamic;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.DotNet.Interactive.Formatting;
using Research.Interactive.Secrecy;
using Research.Scripting.Compilation;

namespace Research.Scripting.Display.Shapes;

/// <summary>Writes values as JSON, in bounds.</summary>
internal static class JsonText
{
    // The package's, with its converters; JSON has no NaN of its own.
    private static readonly Lazy<JsonSerializerOptions> Requested = new(() => new JsonSerializerOptions(
        JsonFormatter.SerializerOptions)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new Texts(), new Members() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { HideSecrets } },
    });

    /// <summary>Writes a value as <c>application/json</c>; what JSON cannot hold becomes a JSON string that says
    /// why.</summary>
    public static string Of(object? value)
    {
        try
        {
            return Of(value, Requested.Value);
        }
        catch (Exception exception) when (!Interruptible.IsInterrupted) // A cycle, a getter, an endless sequence.
        {
            return JsonSerializer.Serialize(ShapeBudget.Cut(
                ShapeReader.Failure(exception), ShapeBudget.MaximumInnerText));
        }
    }

    /// <summary>Writes a value as JSON.</summary>
    /// <exception cref="InvalidDataException">It is longer than <see cref="ShapeBudget.MaximumJson"/>.</exception>
    public static string Of(object? value, JsonSerializerOptions options)
    {
        using BoundedStream stream = new();
        JsonSerializer.Serialize(stream, value, value?.GetType() ?? typeof(object), options);
        return Encoding.UTF8.GetString(stream.Written.GetBuffer().AsSpan(0, (int)stream.Written.Length));
    }

    private static void HideSecrets(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.AttributeProvider is MemberInfo member && Secrets.Has(member))
            {
                property.ShouldSerialize = static (_, _) => false;
            }
        }
    }

    // What has no parts worth showing has none here: a task's result would be waited for, a reader would read on.
    private sealed class Texts : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            SecretTypes.IsKnown(typeToConvert) || Laziness.IsLazy(typeToConvert) || typeof(Stream).IsAssignableFrom(typeToConvert) ||
            (typeToConvert != typeof(string) && !ScalarText.IsScalar(typeToConvert) && ScalarText.IsText(typeToConvert));

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(Text<>).MakeGenericType(typeToConvert))!;
    }

    // Whose members are names only at run time.
    private sealed class Members : JsonConverter<ExpandoObject>
    {
        public override ExpandoObject Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, ExpandoObject value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach ((string name, object? member) in value)
            {
                if (!Secrets.Has(name, member))
                {
                    writer.WritePropertyName(name);
                    JsonSerializer.Serialize(writer, member, member?.GetType() ?? typeof(object), options);
                }
            }

            writer.WriteEndObject();
        }
    }

    private sealed class Text<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(ShapeText.Write(ShapeReader.Read(value)));
    }

    private sealed class BoundedStream : Stream
    {
        public MemoryStream Written { get; } = new();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Written.Length;

        public override long Position
        {
            get => Written.Position;
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Written.Length + buffer.Length > ShapeBudget.MaximumJson)
            {
                throw new InvalidDataException(
                    $"The value is longer than {ShapeBudget.MaximumJson >> 20} MiB of JSON.");
            }

            Written.Write(buffer);
        }
    }
}
