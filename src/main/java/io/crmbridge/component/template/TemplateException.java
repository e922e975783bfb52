package io.crmbridge.component.template;

import io.crmbridge.component.BrokenFileException;

/** A template that cannot be used, with the place in its file. */
public final class TemplateException extends BrokenFileException {
    private static final long serialVersionUID = 1L;

    TemplateException(String file, int line, int column, String problem) {
        super(file, line, column, problem, null);
    }
}
