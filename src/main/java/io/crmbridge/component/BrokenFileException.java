package io.crmbridge.component;

/** A file of the bundle that cannot be used, with the place of what is wrong in it. */
public class BrokenFileException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final int line;
    private final int column;
    private final String problem;

    /**
     * @param file relative to the bundle's folder
     * @param line from 1; 0 where the file as a whole is meant
     * @param column from 1; 0 where the line as a whole is meant
     */
    public BrokenFileException(String file, int line, int column, String problem, Throwable cause) {
        super("%s%s: %s".formatted(file, line > 0 ? ":" + line : "", problem), cause);
        this.file = file;
        this.line = line;
        this.column = column;
        this.problem = problem;
    }

    public final String file() {
        return file;
    }

    public final int line() {
        return line;
    }

    public final int column() {
        return column;
    }

    public final String problem() {
        return problem;
    }
}
