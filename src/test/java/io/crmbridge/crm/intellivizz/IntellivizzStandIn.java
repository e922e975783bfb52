package io.crmbridge.crm.intellivizz;

import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Credential;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.CrmStandIn;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.Workspace;
import io.crmbridge.sandbox.Faults;
import io.crmbridge.sandbox.intellivizz.IntellivizzSandbox;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A location of Intellivizz and the connector to it. */
public final class IntellivizzStandIn extends CrmStandIn {
    /** One of each way in which pages follow each other and changes are found. */
    private static final List<String> CHOSEN =
            List.of("contacts", "appointments", "opportunities", "form-submissions", "members");

    private final Clock clock;
    private final IntellivizzSandbox sandbox;
    private final String firstKey;

    public IntellivizzStandIn(Clock clock) {
        this.clock = clock;
        this.sandbox = IntellivizzSandbox.start(0, clock, 0, 1);
        this.firstKey = sandbox.location().key();
        sandbox.limits();
    }

    @Override
    protected Faults faults() {
        return sandbox.faults();
    }

    @Override
    public Crm connect(String key, CrmHttp.Limits limits) {
        return new Intellivizz(
                new Connection("default", Intellivizz.TYPE, sandbox.baseUrl(), credential(key)),
                () -> Account.ofLocation(sandbox.location().id()),
                Catalogue.standard(),
                Quota.NONE,
                limits,
                clock);
    }

    /** A person puts the new key in the place of the one that was revoked. */
    private Credential credential(String key) {
        return new Credential() {
            @Override
            public Secret current() {
                return new Secret(key.equals(firstKey) ? sandbox.location().key() : key);
            }

            @Override
            public boolean renew(Secret refused) {
                return false;
            }
        };
    }

    @Override
    public String key() {
        return firstKey;
    }

    @Override
    public String wrongKey() {
        return "pit-ffffffff-ffff-ffff-ffff-ffffffffffff";
    }

    @Override
    public void revokeKey() {
        sandbox.location().revokeKey();
    }

    @Override
    public void acceptKeyAgain() {
        sandbox.location().regenerateKey();
    }

    @Override
    public Workspace workspace() {
        return new Workspace(sandbox.location().id(), sandbox.location().name());
    }

    @Override
    public String authPath() {
        return "/locations/";
    }

    @Override
    public List<FeedContract> records(Crm crm) {
        return crm.feeds().stream().filter(feed -> CHOSEN.contains(feed.name())).toList();
    }

    @Override
    public boolean sinceIsInclusive(FeedContract feed) {
        return !feed.name().equals("opportunities");
    }

    @Override
    public String create(FeedContract feed, String text) {
        return sandbox.location().create(feed.name(), Map.of("name", text));
    }

    @Override
    public void put(FeedContract feed, Map<String, Object> row) {
        sandbox.location().put(feed.name(), row);
    }

    @Override
    public String list(FeedContract feed, String rows) {
        String member = Catalogue.standard()
                .find(feed.name(), "list")
                .flatMap(CatalogueEntry::rows)
                .orElseThrow();
        return "{\"%s\":[%s]}".formatted(member, rows);
    }

    @Override
    public long requests(String path) {
        return Stream.of("GET", "POST")
                .mapToLong(method -> sandbox.requests(method, path))
                .sum();
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
