package io.crmbridge.component.template;

import com.samskivert.mustache.Mustache;

/** Goes into every section; a parent is an include. */
abstract class TagVisitor implements Mustache.Visitor {
    @Override
    public void visitVariable(String name) {}

    @Override
    public boolean visitParent(String name) {
        return visitInclude(name);
    }

    @Override
    public boolean visitBlock(String name) {
        return true;
    }

    @Override
    public boolean visitSection(String name) {
        return true;
    }

    @Override
    public boolean visitInvertedSection(String name) {
        return true;
    }
}
