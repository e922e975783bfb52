package io.crmbridge.component.template;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/** The names that a template looks for in the record itself; what stands in a section over something else is not. */
final class TemplateFields extends TagVisitor {
    private final Predicate<String> staysInRecord;
    private final Set<String> names = new LinkedHashSet<>();

    /** @param staysInRecord whether a section of that name leaves the record as what names are looked for in */
    private TemplateFields(Predicate<String> staysInRecord) {
        this.staysInRecord = staysInRecord;
    }

    static Set<String> of(com.samskivert.mustache.Template template, Predicate<String> staysInRecord) {
        TemplateFields fields = new TemplateFields(staysInRecord);
        template.visit(fields);
        return fields.names;
    }

    @Override
    public void visitText(String text) {}

    @Override
    public void visitVariable(String name) {
        // ., -first, -index and the like are mustache's own.
        if (!name.startsWith(".") && !name.startsWith("-")) {
            names.add(name.split("\\.", 2)[0]);
        }
    }

    /** What a partial is given is known only where it is included, and may differ. */
    @Override
    public boolean visitInclude(String name) {
        return false;
    }

    @Override
    public boolean visitSection(String name) {
        visitVariable(name);
        return staysInRecord.test(name);
    }

    @Override
    public boolean visitInvertedSection(String name) {
        visitVariable(name);
        return true;
    }
}
