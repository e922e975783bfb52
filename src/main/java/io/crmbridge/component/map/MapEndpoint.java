package io.crmbridge.component.map;

import org.apache.camel.Category;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Transforms the body with a JSLT mapping of the bundle; headers, exchange properties and Camel's variables are its variables. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "map",
        title = "Map",
        syntax = "map:name",
        producerOnly = true,
        category = {Category.TRANSFORMATION})
public class MapEndpoint extends DefaultEndpoint {
    private final Mappings mappings;

    @UriPath(description = "Name of the mapping: the file mappings/name.jslt of the bundle")
    @Metadata(required = true)
    private String name;

    MapEndpoint(String uri, Component component, Mappings mappings) {
        super(uri, component);
        this.mappings = mappings;
    }

    Mappings.Mapping mapping() {
        return mappings.get(name);
    }

    @Override
    public Producer createProducer() {
        return new MapProducer(this, mapping());
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("map: is a target only");
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }
}
