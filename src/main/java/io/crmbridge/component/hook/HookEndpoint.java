package io.crmbridge.component.hook;

import io.crmbridge.component.BridgeServices;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Posts the body as JSON to a webhook, with a stable webhook-id and a signature (Standard Webhooks 1.0). */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "hook",
        title = "Hook",
        syntax = "hook:target",
        producerOnly = true,
        category = {Category.HTTP})
public class HookEndpoint extends DefaultEndpoint {
    private final HookComponent component;

    @UriPath(
            description =
                    "Name of a hook, set by bridge.hook.name.url and its siblings; or a URL, then without a secret")
    @Metadata(required = true)
    private String target;

    HookEndpoint(String uri, HookComponent component) {
        super(uri, component);
        this.component = component;
    }

    @Override
    public Producer createProducer() {
        HookSettings settings = component.settings(target);
        return new HookProducer(
                this,
                settings,
                component.client(settings.allowPrivate()),
                BridgeServices.of(getCamelContext()).activity());
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("hook: is a target only");
    }

    /** As a route names it; keys of effects are made of it. */
    String name() {
        return "hook:" + target;
    }

    public String getTarget() {
        return target;
    }

    public void setTarget(String target) {
        this.target = target;
    }
}
