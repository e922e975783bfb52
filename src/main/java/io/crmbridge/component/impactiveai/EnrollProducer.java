package io.crmbridge.component.impactiveai;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmBatch;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.Effect;
import io.crmbridge.component.EntryCalls;
import io.crmbridge.component.TargetException;
import io.crmbridge.component.WriteProducer;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Writes;
import io.crmbridge.lead.EnrolCheck;
import io.crmbridge.lead.EnrolReport;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.ExchangeHelper;

/**
 * Enrols contacts, each as an intent, and reports of each what became of it. Who is suppressed or enrolled already is left out,
 * and who would be one too many waits at the flood gate.
 */
final class EnrollProducer extends DefaultProducer {
    private final BridgeServices services;
    private final CallOptions options;
    private final Optional<String> sequence;
    private final Writes writes;
    private final CallBuilder builder;
    private final EnrolCheck check;

    EnrollProducer(ImpactiveAiEndpoint endpoint, BridgeServices services, Operation operation) {
        super(endpoint);
        this.services = services;
        this.options = endpoint.getCall();
        this.sequence = Optional.ofNullable(endpoint.getSequence());
        this.writes = services.runningFeeds().writes(endpoint.getConnection());
        this.builder = new CallBuilder(endpoint, services, operation);
        this.check = services.runningLeads().check(endpoint.getConnection());
    }

    /**
     * One to enrol.
     *
     * @param sequence its id or name; empty: none is meant for it
     * @param lead what its lead says, where there was one
     */
    private record Member(String contact, String email, String sequence, Map<?, ?> lead) {}

    @Override
    public void process(Exchange exchange) throws Exception {
        try {
            if (options.getTagIds() != null || options.getListIds() != null) {
                enrolAudience(exchange);
            } else {
                enrol(exchange);
            }
        } catch (CrmException e) {
            throw TargetException.of(e);
        }
    }

    private void enrolAudience(Exchange exchange) throws Exception {
        // Whom the body means would go along unseen.
        Call call = builder.withContacts(exchange, builder.sequence(exchange), List.of());
        Optional<Effect> effect = effect(exchange);
        List<String> keys = WriteProducer.keys(effect, WriteProducer.bodies(List.of(call)));
        List<Intent> done = write(exchange, List.of(new Writes.Request(keys.get(0), call)), Map.of());
        WriteProducer.begun(effect, done, 1);
        WriteProducer.tell(done, "");
        exchange.getMessage()
                .setBody(
                        done.get(0).state() == IntentState.WAITING
                                ? report(
                                        new Member("", "", sequence.orElse(""), Map.of()),
                                        EnrolReport.of(done.get(0), ""))
                                : WriteProducer.answer(done, false));
    }

    private Optional<Effect> effect(Exchange exchange) {
        return Effect.of(exchange, getEndpoint().getEndpointBaseUri() + "/enroll");
    }

    private void enrol(Exchange exchange) throws Exception {
        Instant begun = services.clock().instant();
        Object body = exchange.getMessage().getBody();
        List<Member> members = members(exchange, body);
        Optional<Effect> effect = effect(exchange);
        List<String> keys = WriteProducer.keys(effect, members);
        List<Writes.Request> requests = new ArrayList<>();
        Map<String, Set<String>> addresses = new HashMap<>();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (!member.sequence().isEmpty()) {
                requests.add(new Writes.Request(
                        keys.get(i), builder.withContacts(exchange, member.sequence(), List.of(member.contact()))));
                Set<String> known = addresses.computeIfAbsent(member.contact(), none -> new TreeSet<>());
                if (!member.email().isBlank()) {
                    known.add(member.email());
                }
            }
        }
        List<Intent> done = requests.isEmpty() ? List.of() : write(exchange, requests, addresses);
        WriteProducer.begun(effect, done, members.size());
        WriteProducer.tell(done, "");
        CrmBatch reports = new CrmBatch();
        int next = 0;
        for (Member member : members) {
            reports.add(report(
                    member,
                    member.sequence().isEmpty()
                            ? EnrolReport.skipped(
                                    String.valueOf(member.lead().get("skipped")), "its lead is meant for no sequence")
                            : EnrolReport.of(done.get(next++), member.contact())));
        }
        exchange.getMessage().setBody(EntryCalls.isList(body) ? reports : reports.get(0));
        boolean one = members.size() == 1;
        services.activity()
                .effect(
                        exchange,
                        one ? "sequence " + members.get(0).sequence() : "sequences",
                        one ? ((CrmRecord) reports.get(0)).get("outcome").toString() : members.size() + " reports",
                        Duration.between(begun, services.clock().instant()));
    }

    private List<Intent> write(Exchange exchange, List<Writes.Request> requests, Map<String, Set<String>> addresses) {
        return writes.write(
                requests,
                String.valueOf(ExchangeHelper.getRouteId(exchange)),
                asked -> check.of(asked, contact -> addresses.getOrDefault(contact, Set.of())));
    }

    private List<Member> members(Exchange exchange, Object body) throws TargetException {
        List<Member> members = new ArrayList<>();
        // What a form says of itself must not choose the sequence.
        boolean byRules = exchange.getProperty(CrmConstants.BY_LEAD_RULES, false, Boolean.class);
        for (Object entry : EntryCalls.entries(body)) {
            Object told = entry instanceof Map<?, ?> fields ? fields.get(UpsertProducer.LEAD) : null;
            Map<?, ?> lead = told instanceof Map<?, ?> of ? of : Map.of();
            String wanted = sequence.isPresent()
                    ? builder.sequence(exchange)
                    : byRules ? EntryCalls.field(lead, "sequence") : "";
            if (wanted.isEmpty() && !(byRules && lead.containsKey("skipped"))) {
                throw builder.permanent("there is no sequence: set the option sequence, or rules in the lead's file");
            }
            members.add(new Member(builder.contactId(entry), EntryCalls.field(entry, "email"), wanted, lead));
        }
        if (members.isEmpty()) {
            throw builder.permanent("its body is empty");
        }
        return members;
    }

    private static CrmRecord report(Member member, EnrolReport report) {
        CrmRecord row = new CrmRecord();
        row.put("contactId", member.contact());
        row.put("email", member.email());
        row.put("contact", EntryCalls.field(member.lead(), "contact"));
        row.put("source", EntryCalls.field(member.lead(), "source"));
        row.put("country", EntryCalls.field(member.lead(), "country"));
        row.put("sequence", member.sequence());
        row.put("outcome", report.outcome());
        row.put("reason", report.reason());
        row.put("detail", report.detail());
        return row;
    }
}
