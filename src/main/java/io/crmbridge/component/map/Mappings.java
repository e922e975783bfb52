package io.crmbridge.component.map;

import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The JSLT files of a bundle's mappings folder, each compiled once. Thread-safe. */
public final class Mappings {
    private static final String ENDING = ".jslt";

    private final Path folder;
    private final Map<String, Expression> compiled = new ConcurrentHashMap<>();

    public Mappings(Path folder) {
        this.folder = folder;
    }

    /** Names of the mappings there are, without their ending. */
    public List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException("the mappings in " + folder + " cannot be listed", e);
        }
    }

    /** @throws IllegalArgumentException when there is no such mapping, or it does not compile; says where and what */
    public Expression get(String name) {
        return compiled.computeIfAbsent(name, this::compile);
    }

    private Expression compile(String name) {
        if (!names().contains(name)) {
            throw new IllegalArgumentException(
                    "no mapping \"%s\": there is no file mappings/%s%s".formatted(name, name, ENDING));
        }
        try {
            String text = Files.readString(folder.resolve(name + ENDING));
            return new Parser(new StringReader(text)).withSource(name + ENDING).compile();
        } catch (JsltException e) {
            throw new IllegalArgumentException("mappings/%s%s: %s".formatted(name, ENDING, e.getMessage()), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("mappings/%s%s cannot be read".formatted(name, ENDING), e);
        }
    }
}
