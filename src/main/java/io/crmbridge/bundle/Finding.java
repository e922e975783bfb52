package io.crmbridge.bundle;

/**
 * Something wrong with a bundle.
 *
 * @param file relative to the bundle's folder
 * @param line from 1; 0 where the file as a whole is meant
 * @param column from 1; 0 where the line as a whole is meant
 * @param message what is wrong, and what to write instead
 */
public record Finding(String file, int line, int column, String message) {
    public Finding(String file, int line, String message) {
        this(file, line, 0, message);
    }

    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + (line > 0 && column > 0 ? ":" + column : "") + ": " + message;
    }
}
