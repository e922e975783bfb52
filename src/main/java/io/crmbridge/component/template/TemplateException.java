package io.crmbridge.component.template;

/** A template that cannot be used, with the place in its file. */
public final class TemplateException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final int line;
    private final String problem;

    TemplateException(String file, int line, String problem) {
        super("%s%s: %s".formatted(file, line > 0 ? ":" + line : "", problem));
        this.file = file;
        this.line = line;
        this.problem = problem;
    }

    /** Relative to the bundle's folder. */
    public String file() {
        return file;
    }

    /** 0 where the file as a whole is meant. */
    public int line() {
        return line;
    }

    public String problem() {
        return problem;
    }
}
