package io.crmbridge.crm;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a list tolerantly: a bare array, or an object whose only array member is the list. Rows keep their own bytes.
 *
 * <p>Assumed, because the documents show no bodies: stamps are ISO 8601 (without an offset: UTC) or numbers of seconds or
 * milliseconds since 1970; ids are strings or numbers.
 */
public final class JsonPage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MILLIS_FROM = 100_000_000_000L;
    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

    private static final Pattern USUAL = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");

    private JsonPage() {}

    /** @throws CrmException of verdict BROKEN when the body is not such a list */
    public static List<Row> rows(String call, FeedContract feed, CrmHttp.Answer answer) {
        return rows(call, feed, Optional.empty(), answer);
    }

    /** @param member name of the member that is the list; where the answer has no such one, its only list counts */
    public static List<Row> rows(String call, FeedContract feed, Optional<String> member, CrmHttp.Answer answer) {
        return rows(call, member, answer).stream()
                .map(found -> row(feed, found.node(), found.raw()))
                .toList();
    }

    /** The whole body as one tree. */
    public static JsonNode tree(String call, CrmHttp.Answer answer) {
        try {
            JsonNode tree = JSON.readTree(answer.body());
            if (tree == null || !tree.isContainerNode()) {
                throw broken(call, answer, "neither an object nor an array");
            }
            return tree;
        } catch (IOException e) {
            throw broken(call, answer, "truncated or malformed JSON");
        }
    }

    private record Found(JsonNode node, byte[] raw) {}

    private static List<Found> rows(String call, Optional<String> member, CrmHttp.Answer answer) {
        try (JsonParser parser = JSON.createParser(answer.body())) {
            JsonToken first = parser.nextToken();
            List<Found> rows = null;
            boolean named = false;
            boolean several = false;
            if (first == JsonToken.START_ARRAY) {
                rows = array(parser, answer.body());
            } else if (first == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    boolean meant = member.filter(parser.currentName()::equals).isPresent();
                    if (parser.nextToken() != JsonToken.START_ARRAY || named) {
                        parser.skipChildren();
                    } else if (rows == null || meant) {
                        rows = array(parser, answer.body());
                        named = meant;
                    } else {
                        several = true;
                        parser.skipChildren();
                    }
                }
            }
            if (several && !named) {
                throw broken(call, answer, "two lists, so it is not clear which one is meant");
            }
            if (rows == null) {
                throw broken(call, answer, "no list");
            }
            if (parser.nextToken() != null) {
                throw broken(call, answer, "something after the list");
            }
            return rows;
        } catch (IOException e) {
            throw broken(call, answer, "truncated or malformed JSON");
        }
    }

    private static List<Found> array(JsonParser parser, byte[] body) throws IOException {
        List<Found> rows = new ArrayList<>(100);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == null) {
                throw new IOException("the list does not end");
            }
            long from = parser.currentTokenLocation().getByteOffset();
            JsonNode node = JSON.readTree(parser);
            long to = parser.currentLocation().getByteOffset();
            boolean sliced = node instanceof ObjectNode && from >= 0 && to <= body.length && body[(int) from] == '{';
            rows.add(new Found(
                    node, sliced ? Arrays.copyOfRange(body, (int) from, (int) to) : JSON.writeValueAsBytes(node)));
        }
        return rows;
    }

    private static Row row(FeedContract feed, JsonNode node, byte[] raw) {
        JsonNode id = node.path(feed.idField());
        JsonNode stamp = node.path(feed.cursorField());
        // Not every database can keep a NUL in a text.
        boolean named =
                id.isTextual() && !id.asText().isBlank() && id.asText().indexOf('\0') < 0 || id.isIntegralNumber();
        return new Row(
                named ? Optional.of(id.asText()) : Optional.empty(),
                instant(stamp),
                stamp.asText(),
                feed.createdField(),
                node,
                raw);
    }

    /** The time that a version (see {@link Row#version}) stamps; empty where it is none. */
    public static Optional<Instant> stamp(String version) {
        boolean number =
                !version.isEmpty() && version.length() < 19 && version.chars().allMatch(Character::isDigit);
        return instant(number ? LongNode.valueOf(Long.parseLong(version)) : TextNode.valueOf(version));
    }

    /** The time that a field says, written in one of the usual ways; a number counts only where it can be no other thing. */
    public static Optional<Instant> time(JsonNode field) {
        return field.isTextual() ? instant(field) : Optional.empty();
    }

    /** The time that a stamp says: a text, or a number of seconds or milliseconds. */
    public static Optional<Instant> instant(JsonNode stamp) {
        return parsed(stamp).filter(at -> at.isAfter(EARLIEST) && at.isBefore(LATEST));
    }

    private static Optional<Instant> parsed(JsonNode stamp) {
        if (stamp.isIntegralNumber()) {
            long number = stamp.asLong();
            if (!stamp.canConvertToLong() || number < -MILLIS_FROM) {
                return Optional.empty();
            }
            return Optional.of(number >= MILLIS_FROM ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number));
        }
        if (!stamp.isTextual()) {
            return Optional.empty();
        }
        String text = stamp.asText().strip().replace(' ', 'T');
        try {
            if (USUAL.matcher(text).matches()) {
                return Optional.of(usual(text));
            }
            return Optional.of(
                    text.endsWith("Z")
                            ? Instant.parse(text)
                            : OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException notWithOffset) {
            try {
                return Optional.of(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }
    }

    /** {@code 2026-05-01T00:00:00.000Z}, which is what comes: read by its places, in a twentieth of the parser's time. */
    private static Instant usual(String text) {
        return LocalDateTime.of(
                        number(text, 0, 4),
                        number(text, 5, 7),
                        number(text, 8, 10),
                        number(text, 11, 13),
                        number(text, 14, 16),
                        number(text, 17, 19),
                        number(text, 20, 23) * 1_000_000)
                .toInstant(ZoneOffset.UTC);
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    private static CrmException broken(String call, CrmHttp.Answer answer, String what) {
        String hint = answer.contentType().contains("html") ? " (it is HTML: is the base URL right?)" : "";
        return new CrmException(
                Verdict.BROKEN,
                "%s answered %d bytes of %s: %s%s"
                        .formatted(
                                call,
                                answer.body().length,
                                answer.contentType().isEmpty() ? "no content type" : answer.contentType(),
                                what,
                                hint),
                Optional.empty(),
                null,
                200,
                true);
    }
}
