package io.crmbridge.component.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.crmbridge.component.BrokenFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a bundle says of each inbox: its settings, and the schema of its entries. Thread-safe. */
public final class InboxRules {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");
    private static final String ENDING = ".schema.json";

    private final Path schemas;
    private final Function<String, InboxSettings> settings;
    private final Map<String, Rules> read = new ConcurrentHashMap<>();

    record Rules(InboxSettings settings, EntrySchema schema) {}

    /** @param schemas the bundle's folder of them, which need not exist */
    public InboxRules(Path schemas, Function<String, InboxSettings> settings) {
        this.schemas = schemas;
        this.settings = settings;
    }

    /** @throws IllegalArgumentException when the name is none, or the schema is wrong; says where and what */
    Rules of(String inbox) {
        if (!NAME.matcher(inbox).matches()) {
            throw new IllegalArgumentException("inbox:%s is no name: write letters, digits, - and _".formatted(inbox));
        }
        return read.computeIfAbsent(inbox, name -> new Rules(settings.apply(name), schema(name)));
    }

    /** @throws IllegalArgumentException when the inbox has a schema that is none; says where and what */
    public void checkSchema(String inbox) {
        schema(inbox);
    }

    /** Names of the inboxes that have a schema, whether or not they are there. */
    public List<String> withSchema() {
        if (!Files.isDirectory(schemas)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(schemas)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException("the files in schemas/ cannot be listed", e);
        }
    }

    private EntrySchema schema(String inbox) {
        Path file = schemas.resolve(inbox + ENDING);
        if (!Files.isRegularFile(file)) {
            return EntrySchema.NONE;
        }
        try {
            return EntrySchema.of(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("schemas/%s%s cannot be read".formatted(inbox, ENDING), e);
        } catch (IllegalArgumentException e) {
            // No JSON says where; a schema that is JSON and no schema says what.
            int line = e.getCause() instanceof JsonProcessingException json
                    ? json.getLocation().getLineNr()
                    : 1;
            int column = e.getCause() instanceof JsonProcessingException json
                    ? json.getLocation().getColumnNr()
                    : 1;
            throw new BrokenFileException("schemas/" + inbox + ENDING, line, column, e.getMessage(), e);
        }
    }
}
