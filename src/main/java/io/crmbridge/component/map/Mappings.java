package io.crmbridge.component.map;

import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import io.crmbridge.component.BrokenFileException;
import io.crmbridge.component.MissingFileException;
import io.crmbridge.component.NearestWord;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The JSLT files of a bundle's mappings folder, each compiled once. Thread-safe. */
public final class Mappings {
    private static final String ENDING = ".jslt";
    private static final Pattern VARIABLE = Pattern.compile("\\$([A-Za-z_][\\w-]*)");

    private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+)");

    private final Path folder;
    private final Map<String, Mapping> compiled = new ConcurrentHashMap<>();

    /** @param variables names of the variables that the text mentions */
    record Mapping(Expression expression, Set<String> variables) {}

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
    Mapping get(String name) {
        return compiled.computeIfAbsent(name, this::compile);
    }

    /** @throws IllegalArgumentException as {@link #get} does */
    public void check(String name) {
        get(name);
    }

    private static BrokenFileException broken(String name, JsltException e) {
        String said = String.valueOf(e.getMessageWithoutLocation())
                .lines()
                .findFirst()
                .orElse("it cannot be read");
        Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
        boolean placed = place.find();
        int line = placed ? Integer.parseInt(place.group(1)) : e.getLine();
        int column = placed ? Integer.parseInt(place.group(2)) : e.getColumn();
        String problem = "this is no JSLT: "
                + said.replaceFirst("^Parse error: ", "").replaceFirst(" at line \\d+, column \\d+\\.?$", "");
        return new BrokenFileException("mappings/" + name + ENDING, Math.max(line, 0), Math.max(column, 0), problem, e);
    }

    private Mapping compile(String name) {
        List<String> names = names();
        if (!names.contains(name)) {
            throw new MissingFileException("no mapping \"%s\": there is no file mappings/%s%s%s"
                    .formatted(name, name, ENDING, NearestWord.hint(name, names)));
        }
        try {
            String text = Files.readString(folder.resolve(name + ENDING));
            Set<String> variables = VARIABLE.matcher(text)
                    .results()
                    .map(found -> found.group(1))
                    .collect(Collectors.toUnmodifiableSet());
            Parser parser =
                    new Parser(new StringReader(text)).withSource(name + ENDING).withFunctions(MailFunctions.ALL);
            return new Mapping(parser.compile(), variables);
        } catch (JsltException e) {
            throw broken(name, e);
        } catch (IOException e) {
            throw new IllegalArgumentException("mappings/%s%s cannot be read".formatted(name, ENDING), e);
        }
    }
}
