package io.crmbridge.component;

import io.crmbridge.component.export.Exporter;
import io.crmbridge.component.hook.HookSettings;
import io.crmbridge.component.inbox.InboxRules;
import io.crmbridge.component.mail.MailOut;
import io.crmbridge.component.mail.MailSettings;
import io.crmbridge.component.map.Mappings;
import io.crmbridge.component.template.Templates;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.lead.LeadFiles;
import io.crmbridge.lead.Leads;
import io.crmbridge.state.SeenKeys;
import io.crmbridge.state.Store;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.IdempotentRepository;

/**
 * What endpoints delegate to, bound in the context's registry.
 *
 * @param feeds absent in a scratch context, which only checks and never starts a route
 * @param store absent in a scratch context
 * @param leads absent in a scratch context
 * @param hooks settings of a hook by its name; empty when it has none
 * @param mails settings of a mail server by its name; empty when no key names it
 * @param catalogues what a connection's Intellivizz can be asked for, by the connection's name
 * @param inboxes what the bundle says of each inbox
 */
public record BridgeServices(
        String bundle,
        Optional<FeedRuntime> feeds,
        Optional<Store> store,
        Optional<Exporter> exporter,
        Optional<Leads> leads,
        Mappings mappings,
        Templates templates,
        Function<String, Optional<HookSettings>> hooks,
        Function<String, Optional<MailSettings>> mails,
        InboxRules inboxes,
        LeadFiles leadFiles,
        Function<String, Catalogue> catalogues,
        boolean allowFastPoll,
        Activity activity,
        Clock clock) {
    private static final String NAME = "crmBridge";

    public void bind(CamelContext context) {
        context.getRegistry().bind(NAME, BridgeServices.class, this);
        context.getRegistry().bind(SeenRepository.NAME, IdempotentRepository.class, new SeenRepository(context, this));
        CrmConverters.register(context);
        MailOut.register(context);
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
        return feeds.orElseThrow(BridgeServices::onlyChecks);
    }

    /** @throws IllegalStateException in a context that only checks routes */
    public Leads runningLeads() {
        return leads.orElseThrow(BridgeServices::onlyChecks);
    }

    SeenKeys runningSeen() {
        return store.map(Store::seen).orElseThrow(BridgeServices::onlyChecks);
    }

    private static IllegalStateException onlyChecks() {
        return new IllegalStateException("this context only checks routes");
    }
}
