package io.crmbridge.component.inbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;

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
            throw new IllegalArgumentException("schemas/%s%s: %s".formatted(inbox, ENDING, e.getMessage()), e);
        }
    }
}
