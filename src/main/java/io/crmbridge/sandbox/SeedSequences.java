package io.crmbridge.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sequences with a past, for a workspace with seed records: the same in every run. Nothing of it is sent by mail. */
final class SeedSequences {
    /** So many contacts have a part in it, or fewer where there are fewer. */
    private static final int CONTACTS = 8;

    private final Workspace workspace;
    private final Stores stores;
    private final Instant end;
    private final List<String> contacts;

    private SeedSequences(Workspace workspace) {
        this.workspace = workspace;
        this.stores = workspace.stores();
        this.end = workspace.records().now();
        this.contacts = workspace.records().recordIds(Resource.CONTACTS).stream()
                .limit(CONTACTS)
                .toList();
    }

    static void fill(Workspace workspace) {
        new SeedSequences(workspace).fill();
    }

    private void fill() {
        String sales = workspace.addSendingAccount("Sales", "Sandbox Sales", "sales@crm.example", true);
        workspace.addSendingAccount("Support", "Sandbox Support", "support@crm.example", false);
        String welcome = sequence(
                "Welcome",
                "active",
                sales,
                step("Welcome, {{firstName}}", "Hello {{firstName}}, thank you for joining us.", 0),
                step("How is it going?", "Hello {{firstName}}, can we help you with anything?", 2),
                step("Last words", "Hello {{firstName}}, this is the last mail of this series.", 3));
        String newsletter =
                sequence("Newsletter", "active", null, step("News of the month", "<p>Hello {{firstName}}</p>", 0));
        sequence("Win back", "draft", null, step("We miss you", "Hello {{firstName}}", 0));
        members(welcome, newsletter);
        workspace.audienceModule(true);
        workspace.addTag("VIP", first(3));
        workspace.addList("Subscribers", first(6));
    }

    /** The first contacts stand for one status of an enrolment each; the rest got the newsletter. */
    private void members(String welcome, String newsletter) {
        for (int i = 0; i < contacts.size(); i++) {
            String contact = contacts.get(i);
            switch (i) {
                case 0 -> {
                    sent(welcome, contact, 3, 1);
                    reply(contact, "Re: How is it going?", "Very well, thank you.", 20);
                    book("Introduction", contact);
                }
                case 1 -> sent(welcome, contact, 1);
                case 2 -> {
                    sent(welcome, contact, 10, 8, 5);
                    reply(contact, "Re: Welcome", "Please call me.", 200);
                }
                case 3 -> {
                    sent(welcome, contact, 2);
                    workspace
                            .stores()
                            .enrollments()
                            .pause(
                                    welcome,
                                    Body.of(Map.of(
                                            "contactIds",
                                            List.of(workspace.ids().shown(contact)))));
                }
                case 4 -> {
                    sent(welcome, contact, 4);
                    workspace.unsubscribe(welcome, contact);
                }
                default -> sent(newsletter, contact, 7);
            }
        }
        book("Open hour", null);
    }

    /** Enrolled when the first step was sent. */
    private void sent(String sequence, String contact, int... daysAgo) {
        Instant start = end.minus(Duration.ofDays(daysAgo[0]));
        stores.enrollments().enroll(sequence, List.of(contact), start);
        for (int days : daysAgo) {
            stores.sender().record(sequence, contact, end.minus(Duration.ofDays(days)));
        }
    }

    private void reply(String contact, String subject, String body, int hoursAgo) {
        workspace.reply(contact, subject, body, end.minus(Duration.ofHours(hoursAgo)));
    }

    private void book(String title, String contact) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("title", title);
        fields.put("startTime", Stamps.iso(end.plus(Duration.ofDays(2))));
        fields.put("endTime", Stamps.iso(end.plus(Duration.ofDays(2)).plus(Duration.ofMinutes(30))));
        fields.put("contactId", workspace.ids().shown(contact));
        workspace.book(fields);
    }

    private String sequence(String name, String status, String account, Map<?, ?>... steps) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("description", "Made by the sandbox");
        fields.put("status", status);
        fields.put("sendingAccountId", workspace.ids().shown(account));
        fields.put("steps", new ArrayList<>(List.of(steps)));
        return stores.sequences().create(Body.of(fields), end.minus(Duration.ofDays(30)));
    }

    private static Map<String, Object> step(String subject, String body, int delayDays) {
        return Map.of("subject", subject, "body", body, "delayDays", delayDays);
    }

    private String[] first(int count) {
        return contacts.stream().limit(count).toArray(String[]::new);
    }
}
