package io.crmbridge.component.inbox;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** In what form entries come. */
record ContentType(Form form, Charset charset) {
    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([A-Za-z0-9_.:-]+)\"?");

    enum Form {
        JSON,
        URL_ENCODED,
        CSV
    }

    /** @throws Refusal one that nobody here reads */
    static ContentType of(String header) throws Refusal {
        String type = header.split(";")[0].strip().toLowerCase(Locale.ROOT);
        Matcher charset = CHARSET.matcher(header);
        try {
            return new ContentType(
                    form(type), charset.find() ? Charset.forName(charset.group(1)) : StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refusal(415, "nobody here knows the charset of the Content-Type");
        }
    }

    private static Form form(String type) throws Refusal {
        if (type.equals("application/json") || type.startsWith("application/") && type.endsWith("+json")) {
            return Form.JSON;
        }
        return switch (type) {
            case "application/x-www-form-urlencoded" -> Form.URL_ENCODED;
            case "text/csv" -> Form.CSV;
            default ->
                throw new Refusal(
                        415,
                        "Content-Type is none of application/json, application/x-www-form-urlencoded and text/csv");
        };
    }

    Entries read(byte[] body) {
        if (form == Form.JSON) {
            return JsonEntries.read(body);
        }
        String text;
        try {
            text = charset.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            Entries broken = Entries.none(true);
            broken.fault(0, "", "this is no text in " + charset.name());
            return broken;
        }
        return form == Form.CSV ? CsvEntries.read(text) : UrlEncodedEntry.read(text, charset);
    }
}
