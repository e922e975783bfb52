package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.FaultFilter;
import io.crmbridge.sandbox.Faults;
import io.crmbridge.sandbox.Requests;
import io.crmbridge.sandbox.Waits;
import io.crmbridge.sandbox.WebServer;
import io.javalin.Javalin;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A stand-in of the Intellivizz CRM over real HTTP, on its own port of the loopback address.
 *
 * <p>A call needs {@code Authorization: Bearer} with a location's or the agency's key, or an access token, and the header {@code Version}:
 * {@code 2021-04-15} under /conversations and /calendars, {@code 2021-07-28} elsewhere. Every answer carries a {@code Date} header from
 * the clock; an error is {@code {"statusCode": 403, "message": "a sentence"}}. Every request counts against its key's limits, whatever
 * it is answered. Thread-safe.
 */
public final class IntellivizzSandbox implements AutoCloseable {
    /** The id of {@link #location()}. */
    public static final String DEFAULT_LOCATION = "loc_sandbox";

    /** The id of the agency, also called companyId. */
    public static final String AGENCY = "agency_sandbox";

    private final Clock clock;
    private final int seedRecords;
    private final long seed;
    private final RateLimits limits = new RateLimits();
    private final Keys keys = new Keys(limits);
    private final Locations locations = new Locations();
    private final Requests requests = new Requests();
    private final Faults faults = new Faults();
    private final Waits waits = new Waits();
    private final Webhooks webhooks;
    private final OAuth oauth;
    private final ExportsApi exports = new ExportsApi();
    private final LocationActivity activity;
    private final Javalin server;
    private volatile String agencyKey;

    private IntellivizzSandbox(int port, Clock clock, int seedRecords, long seed) {
        this.clock = clock;
        this.seedRecords = seedRecords;
        this.seed = seed;
        webhooks = new Webhooks(clock);
        oauth = new OAuth(clock, limits, locations);
        Location first = addLocation(DEFAULT_LOCATION, "Sandbox location");
        agencyKey = keys.give(null);
        activity = new LocationActivity(first.records(), seed);
        try {
            server = serve(port);
        } catch (RuntimeException e) {
            activity.close();
            webhooks.close();
            throw e;
        }
    }

    /**
     * Throws {@link io.crmbridge.sandbox.SandboxException} with a sentence where the port is taken.
     *
     * @param port 0 takes any free one
     * @param seedRecords people in each new location, with what they did; 0 leaves it without
     */
    public static IntellivizzSandbox start(int port, Clock clock, int seedRecords, long seed) {
        return new IntellivizzSandbox(port, clock, seedRecords, seed);
    }

    /** {@code http://127.0.0.1:PORT}, without a slash at its end. */
    public URI baseUrl() {
        return URI.create("http://%s:%d".formatted(WebServer.HOST, server.port()));
    }

    /** The default location, id {@link #DEFAULT_LOCATION}. */
    public Location location() {
        return locations.first();
    }

    /** Throws IllegalArgumentException for an id that is there already. */
    public synchronized Location addLocation(String id, String name) {
        locations.requireNew(id);
        Records records = new Records(id, clock, seed ^ id.hashCode(), (resource, locationId, before, after) -> {
            // What a location begins with happened before anybody listened.
            if (locations.find(id).isPresent()) {
                webhooks.changed(resource, locationId, before, after);
            }
        });
        SeedData.settings(records);
        SeedData.people(records, seedRecords);
        Location location = new Location(id, name, keys, records);
        locations.add(location);
        return location;
    }

    /** Reads every location by its locationId, and lists them; writes nothing. */
    public String agencyKey() {
        return agencyKey;
    }

    /** The old key is refused from the next request on; returns the new one. */
    public synchronized String regenerateAgencyKey() {
        keys.revoke(agencyKey);
        agencyKey = keys.give(null);
        return agencyKey;
    }

    /** 401 from the next request on. */
    public void revokeAgencyKey() {
        keys.revoke(agencyKey);
    }

    /** These in the place of {@link RateLimit#DOCUMENTED}, for every key; none: no limits. What was counted stays. */
    public void limits(RateLimit... newLimits) {
        limits.limits(List.of(newLimits));
    }

    /** Requests are timed by the sandbox's clock instead of the machine's monotonic time; before the first request. */
    public void timeRequestsByClock() {
        limits.timedBy(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()));
    }

    /** How many requests came with this key or access token, those that were refused too; tokens of one grant count together. */
    public long requests(String key) {
        return limits.of(key).count();
    }

    /** How many requests with this method had a path (without the query) that starts so, whoever sent them. */
    public long requests(String method, String pathPrefix) {
        return requests.count(method, pathPrefix);
    }

    /** How many of them were answered 429 because a limit was exceeded; a fault's 429 is none. */
    public long refusedByLimit(String key) {
        return limits.of(key).refused();
    }

    /**
     * The most requests with this key that arrived in any sliding window of this length, wherever it begins. Two that are exactly its
     * length apart are not in one.
     */
    public int mostInWindow(String key, Duration window) {
        return limits.of(key).mostIn(window);
    }

    /** The rules by which it misbehaves, OAuth included. */
    public Faults faults() {
        return faults;
    }

    /** Apps, consent and tokens. */
    public OAuth oauth() {
        return oauth;
    }

    /**
     * From now on this is told of what happens to records of every location, by POST of {@code {"type": "ContactCreate", "timestamp": ...,
     * "webhookId": ..., "locationId": ...}} and the record's own fields. Called again: this instead.
     */
    public void webhooksTo(URI target, WebhookSigner signer) {
        webhooks.to(target, signer);
    }

    /** What was told so far. */
    public Webhooks webhooks() {
        return webhooks;
    }

    /** How long a bulk export runs, by the clock, before its rows can be read; not at all unless set. */
    public void exportsTake(Duration time) {
        exports.takes(time);
    }

    /**
     * In the default location contacts change, opportunities move and are won, appointments are booked and forms submitted by
     * themselves at this rate (above 0, at most 1,000 a second), on a daemon thread, in an order that the seed decides. Called again: the
     * new rate.
     */
    public void startActivity(double changesPerSecond) {
        activity.start(changesPerSecond);
    }

    /** Closes its port and every connection within a second; delays end early. Does nothing when closed. */
    @Override
    public void close() {
        activity.close();
        webhooks.close();
        waits.end();
        server.stop();
    }

    private Javalin serve(int port) {
        Gate gate = new Gate(this::access, limits, requests, locations);
        return WebServer.start("sandbox Intellivizz", port, clock, routes -> {
            gate.addTo(routes, new FaultFilter(faults, clock, waits));
            new OAuthApi(oauth, locations, waits).addTo(routes);
            Endpoints endpoints = new Endpoints(routes, gate);
            new ContactsApi().addTo(endpoints);
            new ContactPartsApi().addTo(endpoints);
            new ConversationsApi().addTo(endpoints);
            new CalendarsApi().addTo(endpoints);
            new OpportunitiesApi().addTo(endpoints);
            new WorkflowsApi().addTo(endpoints);
            new FormsApi().addTo(endpoints);
            new PaymentsApi().addTo(endpoints);
            new MembershipsApi().addTo(endpoints);
            new LocationsApi(AGENCY).addTo(endpoints);
            exports.addTo(endpoints);
        });
    }

    private Optional<Access> access(String token) {
        return keys.find(token).or(() -> oauth.find(token));
    }
}
