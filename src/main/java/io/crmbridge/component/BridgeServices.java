package io.crmbridge.component;

import io.crmbridge.component.export.Exporter;
import io.crmbridge.component.hook.HookSettings;
import io.crmbridge.component.map.Mappings;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.state.Store;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.CamelContext;

/**
 * What endpoints delegate to, bound in the context's registry.
 *
 * @param feeds absent in a scratch context, which only checks and never starts a route
 * @param store absent in a scratch context
 * @param hooks settings of a hook by its name; empty when it has none
 */
public record BridgeServices(
        String bundle,
        Optional<FeedRuntime> feeds,
        Optional<Store> store,
        Optional<Exporter> exporter,
        Mappings mappings,
        Function<String, Optional<HookSettings>> hooks,
        boolean allowFastPoll,
        Activity activity,
        Clock clock) {
    private static final String NAME = "crmBridge";

    public void bind(CamelContext context) {
        context.getRegistry().bind(NAME, BridgeServices.class, this);
        CrmConverters.register(context);
    }

    public static BridgeServices of(CamelContext context) {
        BridgeServices services = context.getRegistry().lookupByNameAndType(NAME, BridgeServices.class);
        if (services == null) {
            throw new IllegalStateException(
                    "this Camel context has no bridge: bind BridgeServices before the routes are added");
        }
        return services;
    }

    /** @throws IllegalStateException in a context that only checks routes */
    public FeedRuntime runningFeeds() {
        return feeds.orElseThrow(() -> new IllegalStateException("this context only checks routes"));
    }
}
