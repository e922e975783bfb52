package io.crmbridge.component.inbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.feed.Inbox;
import io.crmbridge.state.Inboxes.Receipt;
import io.crmbridge.web.WebServer.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Accepts the entries of one request, all of them or those that are right, and says what became of each. */
final class Taking {
    /** They are one transaction, and nothing else is written meanwhile. */
    private static final int MOST = 50_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Inbox inbox;
    private final InboxRules.Rules rules;

    Taking(Inbox inbox, InboxRules.Rules rules) {
        this.inbox = inbox;
        this.rules = rules;
    }

    /**
     * @param key the sender's own for all of it
     * @param partial whether entries without fault are accepted where others have one
     */
    Answer take(Entries entries, Optional<String> key, boolean partial) throws Refusal {
        if (entries.byNumber().size() > MOST) {
            throw new Refusal(413, "more than %d entries in one request".formatted(MOST));
        }
        boolean several = entries.byNumber().size() + entries.faults().size() > 1;
        Set<Integer> caught = new Honeypot(rules.settings().honeypot()).empty(entries);
        entries.check(rules.schema());
        if (!entries.isBroken()
                && entries.byNumber().isEmpty()
                && entries.faults().isEmpty()
                && caught.isEmpty()) {
            entries.fault(0, "", "there is no entry in it");
        }
        entries.leaveFaultyOut();
        boolean nothingRight = entries.byNumber().isEmpty() && caught.isEmpty();
        if (!entries.faults().isEmpty() && (!partial || entries.isBroken() || nothingRight)) {
            throw new Refusal("nothing was accepted", entries.faults());
        }
        List<Inbox.Entry> accepted = new ArrayList<>();
        entries.byNumber()
                .forEach((number, body) -> accepted.add(new Inbox.Entry(
                        body, key.map(text -> several ? text + "/" + number : text), Optional.empty())));
        List<Receipt> receipts = inbox.accept(accepted, rules.settings().dedupe());
        if (!caught.isEmpty()) {
            inbox.dropped(caught.size());
        }
        Map<Integer, Receipt> byNumber = new TreeMap<>();
        int next = 0;
        for (int number : entries.byNumber().keySet()) {
            byNumber.put(number, receipts.get(next++));
        }
        // A machine that learnt that it was found out would try otherwise.
        caught.forEach(
                number -> byNumber.put(number, new Receipt(UUID.randomUUID().toString(), true)));
        return answer(byNumber, entries.faults());
    }

    private static Answer answer(Map<Integer, Receipt> receipts, List<Fault> faults) {
        ObjectNode body = JSON.createObjectNode();
        long fresh = receipts.values().stream().filter(Receipt::isNew).count();
        body.put("accepted", fresh);
        body.put("duplicates", receipts.size() - fresh);
        ArrayNode entries = body.putArray("entries");
        receipts.forEach((number, receipt) -> entries.addObject()
                .put("entry", number)
                .put("receipt", receipt.receipt())
                .put("new", receipt.isNew()));
        if (!faults.isEmpty()) {
            list(body, faults);
        }
        return new Answer(202, "application/json", body.toString());
    }

    static Answer refused(Refusal refusal) {
        ObjectNode body = JSON.createObjectNode();
        body.put("error", refusal.getMessage());
        if (!refusal.faults().isEmpty()) {
            list(body, refusal.faults());
        }
        return new Answer(refusal.status(), "application/json", body.toString(), refusal.headers());
    }

    private static void list(ObjectNode body, List<Fault> faults) {
        ArrayNode list = body.putArray("faults");
        for (Fault fault : faults) {
            ObjectNode told = list.addObject();
            if (fault.entry() > 0) {
                told.put("entry", fault.entry());
            }
            if (!fault.field().isEmpty()) {
                told.put("field", fault.field());
            }
            told.put("fault", fault.what());
        }
    }
}
