package io.crmbridge.component.inbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * Reads a JSON object, or an array of them, from somebody who may mean harm: no name twice, nothing deeper than
 * {@value #DEEPEST}, no number that cannot be kept; and no fault quotes a value.
 */
final class JsonEntries {
    static final int DEEPEST = 32;

    private static final int LONGEST_PATH = 200;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(500)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final JsonParser parser;
    private final Entries entries = Entries.none(false);
    private int number;

    private JsonEntries(JsonParser parser) {
        this.parser = parser;
    }

    static Entries read(byte[] json) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            JsonEntries reading = new JsonEntries(parser);
            reading.read();
            return reading.entries;
        } catch (IOException e) {
            // What failed is the reading of bytes in memory, as when they are in no encoding.
            Entries broken = Entries.none(false);
            broken.fault(0, "", "this is no JSON");
            return broken;
        }
    }

    private void read() throws IOException {
        try {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_OBJECT) {
                entry();
            } else if (first == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    entry();
                }
            } else {
                entries.fault(0, "", "this is neither a JSON object nor an array of objects");
                return;
            }
            if (parser.nextToken() != null) {
                entries.fault(0, "", "something follows the JSON" + at(parser.currentTokenLocation()));
            }
        } catch (StreamConstraintsException e) {
            entries.fault(0, "", "this JSON is nested far too deep, or holds a number or name far too long");
        } catch (JsonEOFException e) {
            entries.fault(0, "", "the JSON ends too early");
        } catch (JsonParseException e) {
            entries.fault(0, "", "this is no JSON" + at(e.getLocation()));
        }
    }

    private static String at(JsonLocation where) {
        return where == null ? "" : ": line %d, column %d".formatted(where.getLineNr(), where.getColumnNr());
    }

    private void entry() throws IOException {
        number++;
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            entries.byNumber().put(number, object("", 1));
        } else {
            parser.skipChildren();
            fault("", "is no JSON object");
        }
    }

    private ObjectNode object(String path, int depth) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            String below = path + "/" + name.replace("~", "~0").replace("/", "~1");
            parser.nextToken();
            JsonNode value = value(below, depth);
            if (object.has(name)) {
                fault(below, "is there twice");
            }
            object.set(name, value);
        }
        return object;
    }

    private ArrayNode array(String path, int depth) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(path + "/" + array.size(), depth));
        }
        return array;
    }

    private JsonNode value(String path, int depth) throws IOException {
        if (parser.currentToken().isStructStart() && depth == DEEPEST) {
            parser.skipChildren();
            fault(path, "is nested deeper than " + DEEPEST);
            return NODES.nullNode();
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(path, depth + 1);
            case START_ARRAY -> array(path, depth + 1);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NUMBER_INT ->
                switch (parser.getNumberType()) {
                    case INT -> NODES.numberNode(parser.getIntValue());
                    case LONG -> NODES.numberNode(parser.getLongValue());
                    default -> NODES.numberNode(parser.getBigIntegerValue());
                };
            case VALUE_NUMBER_FLOAT -> real(path);
            default -> NODES.nullNode();
        };
    }

    private JsonNode real(String path) throws IOException {
        double number = parser.getDoubleValue();
        if (Double.isFinite(number)) {
            return NODES.numberNode(number);
        }
        fault(path, "is a number too large");
        return NODES.nullNode();
    }

    private void fault(String path, String what) {
        String field = path.length() <= LONGEST_PATH ? path : path.substring(0, LONGEST_PATH) + "...";
        entries.fault(number, field, what);
    }
}
