package io.crmbridge.crm.impactiveai;

import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.CrmStandIn;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.Workspace;
import io.crmbridge.sandbox.Faults;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** ImpactiveAI and its connector. */
public final class ImpactiveAiStandIn extends CrmStandIn {
    private final Clock clock;
    private final Sandbox sandbox;

    public ImpactiveAiStandIn(Clock clock) {
        this.clock = clock;
        this.sandbox = Sandbox.start(SandboxOptions.defaults().withClock(clock));
    }

    @Override
    protected Faults faults() {
        return sandbox.faults();
    }

    /** Newest first, with a cap and a since. */
    @Override
    public List<FeedContract> records(Crm crm) {
        return crm.feeds().stream()
                .filter(feed -> feed.style() == FeedContract.Style.NEWEST && !feed.isTemplate())
                .toList();
    }

    @Override
    public void close() {
        sandbox.close();
    }

    @Override
    public Crm connect(String key, CrmHttp.Limits limits) {
        return new ImpactiveAi(
                new Connection("default", ImpactiveAi.TYPE, sandbox.baseUrl(), new Secret(key)), limits, clock);
    }

    @Override
    public String key() {
        return sandbox.workspace().apiKey();
    }

    @Override
    public String wrongKey() {
        return "icrm_ffffffffffffffffffffffffffffffff";
    }

    @Override
    public void revokeKey() {
        sandbox.workspace().revokeKey();
    }

    @Override
    public void acceptKeyAgain() {
        sandbox.workspace().rotateKey(key());
    }

    @Override
    public Workspace workspace() {
        return new Workspace(sandbox.workspace().id(), sandbox.workspace().name());
    }

    @Override
    public String authPath() {
        return "/api/zapier/auth/test";
    }

    /** "Only records updated after this timestamp." */
    @Override
    public boolean sinceIsInclusive(FeedContract feed) {
        return false;
    }

    @Override
    public String create(FeedContract feed, String text) {
        return sandbox.workspace().create(feed.name(), Map.of("name", text));
    }

    @Override
    public void put(FeedContract feed, Map<String, Object> row) {
        sandbox.workspace().put(feed.name(), row);
    }

    @Override
    public String list(FeedContract feed, String rows) {
        return "[" + rows + "]";
    }

    @Override
    public long requests(String path) {
        return sandbox.workspace().requests(path);
    }
}
