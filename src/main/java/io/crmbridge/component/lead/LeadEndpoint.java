package io.crmbridge.component.lead;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.MissingFileException;
import io.crmbridge.component.NearestWord;
import io.crmbridge.lead.LeadRules;
import java.util.List;
import org.apache.camel.Category;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Makes a lead of the body, whatever its sender calls the fields, and finds the sequence that it is meant for. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "lead",
        title = "Lead",
        syntax = "lead:name",
        producerOnly = true,
        category = {Category.TRANSFORMATION})
public class LeadEndpoint extends DefaultEndpoint {
    private final BridgeServices services;

    @UriPath(description = "Name of the leads' file in the bundle, leads/name.yaml, which says where each lead goes")
    @Metadata(required = true)
    private String name;

    LeadEndpoint(String uri, Component component, BridgeServices services) {
        super(uri, component);
        this.services = services;
    }

    /** @throws IllegalArgumentException when there is no such file, or it says what cannot be */
    void check() {
        List<String> names = services.leadFiles().names();
        if (!names.contains(name)) {
            throw new MissingFileException("no leads \"%s\": there is no file leads/%s.yaml%s"
                    .formatted(name, name, NearestWord.hint(name, names)));
        }
        rules();
    }

    LeadRules rules() {
        return services.leadFiles().get(name);
    }

    @Override
    public Producer createProducer() {
        return new LeadProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("lead: is a target only");
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }
}
