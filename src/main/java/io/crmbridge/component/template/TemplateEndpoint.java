package io.crmbridge.component.template;

import org.apache.camel.Category;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Makes a text of the body with a mustache template of the bundle: HTML, plain text or both, and a mail's subject. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "template",
        title = "Template",
        syntax = "template:name",
        producerOnly = true,
        category = {Category.TRANSFORMATION})
public class TemplateEndpoint extends DefaultEndpoint {
    private final Templates templates;

    @UriPath(
            description =
                    "Name of the template: the file templates/name.html or name.txt of the bundle; with both, the plain"
                            + " text is a mail's alternative")
    @Metadata(required = true)
    private String name;

    TemplateEndpoint(String uri, Component component, Templates templates) {
        super(uri, component);
        this.templates = templates;
    }

    Templates.Template template() {
        return templates.get(name);
    }

    @Override
    public Producer createProducer() {
        return new TemplateProducer(this, template());
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("template: is a target only");
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }
}
