package io.crmbridge.sandbox;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;

/** Shows the mails by HTTP and makes the mail server misbehave. It asks for no key. */
final class MailApi {
    private static final int DEFAULT_LIMIT = 50;
    private static final Set<String> OPTIONS = Set.of("reply", "times", "recipient", "silent");

    private final Mailbox mailbox;

    MailApi(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/control/mails", this::mails);
        routes.delete("/control/mails", context -> {
            mailbox.clear();
            context.status(204);
        });
        routes.get("/control/mails/{id}/attachments/{number}", this::attachment);
        routes.post("/control/mail-faults", this::armFault);
        routes.delete("/control/mail-faults", context -> {
            mailbox.clearFaults();
            context.status(204);
        });
    }

    private void mails(Context context) {
        int limit = context.queryParam("limit") == null
                ? DEFAULT_LIMIT
                : ControlApi.number(context, "limit", 1, Mailbox.KEPT);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("address", WebServer.HOST + ":" + mailbox.port());
        answer.put("count", mailbox.count());
        answer.put("mails", mailbox.newest(limit).stream().map(MailApi::shown).toList());
        WebServer.json(context, 200, Json.write(answer));
    }

    private static Map<String, Object> shown(Mail mail) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", mail.id());
        shown.put("at", Stamps.iso(mail.at()));
        shown.put("messageId", mail.messageId());
        shown.put("from", mail.from());
        shown.put("to", mail.to());
        shown.put("recipients", mail.recipients());
        shown.put("subject", mail.subject());
        shown.put("text", mail.text());
        shown.put("html", mail.html());
        List<Map<String, Object>> attachments = new ArrayList<>();
        for (Mail.Attachment attachment : mail.attachments()) {
            attachments.add(Map.of(
                    "name", attachment.name(),
                    "type", attachment.type(),
                    "bytes", attachment.content().length,
                    "path", "/control/mails/%s/attachments/%d".formatted(mail.id(), attachments.size())));
        }
        shown.put("attachments", attachments);
        return shown;
    }

    /** Always a download: what a mail carries is never shown as a page of this server. */
    private void attachment(Context context) {
        Mail mail = mailbox.mails().stream()
                .filter(one -> one.id().equals(context.pathParam("id")))
                .findFirst()
                .orElseThrow(
                        () -> new NoSuchElementException("There is no mail '%s'.".formatted(context.pathParam("id"))));
        String number = context.pathParam("number");
        if (!number.matches("\\d{1,4}")
                || Integer.parseInt(number) >= mail.attachments().size()) {
            throw new NoSuchElementException("The mail has no attachment '%s'.".formatted(number));
        }
        Mail.Attachment attachment = mail.attachments().get(Integer.parseInt(number));
        String name =
                URLEncoder.encode(attachment.name(), StandardCharsets.UTF_8).replace("+", "%20");
        context.header("Content-Disposition", "attachment; filename*=UTF-8''" + name);
        context.contentType("application/octet-stream").result(attachment.content());
    }

    private void armFault(Context context) {
        Map<String, Object> options = Json.readObject(context.bodyAsBytes());
        Set<String> unknown = new TreeSet<>(options.keySet());
        unknown.removeAll(OPTIONS);
        if (!unknown.isEmpty()) {
            throw new Problem(
                    400,
                    "A mail fault has no option %s: its options are %s."
                            .formatted(String.join(", ", unknown), String.join(", ", new TreeSet<>(OPTIONS))));
        }
        if (Boolean.TRUE.equals(options.get("silent"))) {
            mailbox.stopAnswering();
        } else {
            String recipient = String.valueOf(options.getOrDefault("recipient", ""));
            int reply = number(options, "reply", 451);
            int times = number(options, "times", 1);
            if (recipient.isEmpty()) {
                mailbox.refuse(reply, times);
            } else {
                mailbox.refuseRecipient(recipient, reply, times);
            }
        }
        WebServer.json(context, 201, Json.write(Map.of("armed", true)));
    }

    private static int number(Map<String, Object> options, String name, int usual) {
        Object value = options.getOrDefault(name, usual);
        if (value instanceof Integer number) {
            return number;
        }
        throw new Problem(400, "%s must be a whole number, and is '%s'.".formatted(name, value));
    }
}
