package io.crmbridge.lead;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** A file of leads that says what cannot be, with the place. */
public final class LeadFileException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final int line;
    private final int column;
    private final String problem;
    private final String word;
    private final List<String> choices;

    /**
     * @param word that is wrong; empty where something else is
     * @param choices what could stand in its place
     */
    LeadFileException(String file, Optional<Mark> mark, String problem, String word, Set<String> choices) {
        super("%s%s: %s"
                .formatted(file, mark.map(at -> ", line " + (at.getLine() + 1)).orElse(""), problem));
        this.file = file;
        this.line = mark.map(at -> at.getLine() + 1).orElse(0);
        this.column = mark.map(at -> at.getColumn() + 1).orElse(0);
        this.problem = problem;
        this.word = word;
        this.choices = List.copyOf(new TreeSet<>(choices));
    }

    /** Relative to the bundle's folder. */
    public String file() {
        return file;
    }

    /** From 1; 0 where the file as a whole is meant. */
    public int line() {
        return line;
    }

    /** From 1; 0 where the line as a whole is meant. */
    public int column() {
        return column;
    }

    public String problem() {
        return problem;
    }

    public String word() {
        return word;
    }

    public List<String> choices() {
        return choices;
    }
}
