package io.crmbridge.bundle;

/**
 * Something wrong with a bundle.
 *
 * @param file relative to the bundle's folder
 * @param line 0 where the file as a whole is meant
 */
public record Finding(String file, int line, String message) {
    @Override
    public String toString() {
        return line > 0 ? file + ":" + line + ": " + message : file + ": " + message;
    }
}
