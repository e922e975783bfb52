package io.crmbridge.sandbox;

import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes a workspace look alive: records change by themselves, in the same order in every run with one seed. */
final class Activity implements AutoCloseable {
    private static final int CREATE_ONE_IN = 10;
    private static final int MOST_RECORDS = 1_000;
    private static final List<String> INVOICE_STATUSES = List.of("sent", "overdue", "paid");

    private final Workspace workspace;
    private final Random random;
    private final SequenceActivity sequences;
    private final SequenceTrouble trouble;
    private final Ticker ticker = new Ticker("sandbox-activity", this::tick);

    Activity(Workspace workspace, long seed) {
        this.workspace = workspace;
        this.random = new Random(seed);
        this.sequences = new SequenceActivity(workspace, seed + 1);
        this.trouble = new SequenceTrouble(workspace, seed + 2);
    }

    void start(double changesPerSecond) {
        ticker.start(changesPerSecond);
    }

    /** One change: usually to a record that is there, sometimes a new one; now and then something of the sequences too. */
    void tick() {
        Resource resource = Resource.values()[random.nextInt(Resource.values().length)];
        List<String> ids = workspace.records().recordIds(resource);
        boolean create = random.nextInt(CREATE_ONE_IN) == 0 && ids.size() < MOST_RECORDS;
        if (ids.isEmpty() || create) {
            workspace.create(resource.path(), SeedData.fields(resource, ids.size() + 1));
        } else {
            workspace.update(resource.path(), ids.get(random.nextInt(ids.size())), change(resource));
        }
        sequences.tick();
        trouble.tick();
    }

    @Override
    public void close() {
        ticker.close();
    }

    private Map<String, Object> change(Resource resource) {
        return switch (resource) {
            case CONTACTS -> Map.of("title", "Tester " + random.nextInt(1_000));
            case COMPANIES -> Map.of("phone", "+1 202 555 %04d".formatted(100 + random.nextInt(100)));
            case DEALS -> Map.of("stageName", random.nextInt(3) == 0 ? "Won" : oneOf("Qualified", "Proposal", "Lost"));
            case INVOICES -> invoice(INVOICE_STATUSES.get(random.nextInt(INVOICE_STATUSES.size())));
            case PROJECTS -> Map.of("stageName", oneOf("Planned", "Active", "Done"));
        };
    }

    private Map<String, Object> invoice(String status) {
        return status.equals("paid")
                ? Map.of(
                        "status",
                        status,
                        "paidAt",
                        Stamps.iso(workspace.records().now()))
                : Map.of("status", status);
    }

    private String oneOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
