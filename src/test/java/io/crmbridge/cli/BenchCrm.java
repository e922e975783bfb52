package io.crmbridge.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** The CRM's contacts and the enrolments of its one sequence, as rows that are ready to be sent. Thread-safe. */
final class BenchCrm {
    private static final String SEQUENCE =
            "{\"id\":\"cmseq0000000000001\",\"name\":\"Welcome\",\"status\":\"active\",\"stepCount\":3}";
    private static final String CONTACT = "cmcont";
    private static final int DIGITS = 12;

    private final List<byte[]> contacts = new ArrayList<>();
    private final List<Instant> made = new ArrayList<>();
    /** Rows of enrolments one behind the other, each with a comma before it. */
    private byte[] enrolments = new byte[1 << 20];

    private int used;
    private final List<Integer> begins = new ArrayList<>();
    private final List<Instant> enrolled = new ArrayList<>();
    private final BitSet members = new BitSet();

    synchronized void reset() {
        contacts.clear();
        made.clear();
        used = 0;
        begins.clear();
        enrolled.clear();
        members.clear();
    }

    synchronized int enrolments() {
        return enrolled.size();
    }

    /** @param pathAndQuery of a GET */
    byte[] get(String pathAndQuery) {
        String path = pathAndQuery.split("\\?")[0];
        String since = parameter(pathAndQuery, "since");
        Instant after = since.isEmpty() ? Instant.MIN : Instant.parse(since.replace("%3A", ":"));
        if (path.endsWith("/enrollments")) {
            return enrolments(after);
        }
        if (path.endsWith("/contacts")) {
            String limit = parameter(pathAndQuery, "limit");
            return newest(limit.isEmpty() ? 100 : Integer.parseInt(limit), after);
        }
        return bytes(path.endsWith("/sequences") ? "[" + SEQUENCE + "]" : SEQUENCE);
    }

    /** @param path of a POST */
    byte[] post(String path, byte[] body) {
        return path.endsWith("/enroll") ? enroll(new String(body, StandardCharsets.ISO_8859_1)) : create(body);
    }

    private static String parameter(String pathAndQuery, String name) {
        int at = pathAndQuery.indexOf(name + "=");
        int end = pathAndQuery.indexOf('&', at);
        return at < 0 ? "" : pathAndQuery.substring(at + name.length() + 1, end < 0 ? pathAndQuery.length() : end);
    }

    private synchronized byte[] newest(int limit, Instant after) {
        ByteArrayOutputStream rows = new ByteArrayOutputStream(40_000);
        rows.write('[');
        int last = Math.max(0, contacts.size() - limit);
        for (int i = contacts.size() - 1; i >= last && made.get(i).isAfter(after); i--) {
            if (rows.size() > 1) {
                rows.write(',');
            }
            rows.writeBytes(contacts.get(i));
        }
        rows.write(']');
        return rows.toByteArray();
    }

    /** An object, or an array of them. */
    private byte[] create(byte[] body) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        ByteArrayOutputStream answer = new ByteArrayOutputStream(body.length + 8000);
        int depth = 0;
        int begin = 0;
        boolean text = false;
        for (int i = 0; i < body.length; i++) {
            byte b = body[i];
            if (text) {
                i += b == '\\' ? 1 : 0;
                text = b != '"';
            } else if (b == '"') {
                text = true;
            } else if (b == '{' && depth++ == 0) {
                begin = i;
            } else if (b == '}' && --depth == 0) {
                answer.writeBytes(created(Arrays.copyOfRange(body, begin + 1, i + 1), now));
            } else if (depth == 0) {
                answer.write(b);
            }
        }
        return answer.toByteArray();
    }

    private synchronized byte[] created(byte[] fields, Instant now) {
        String head =
                "{\"id\":\"%s\",\"createdAt\":\"%s\",\"updatedAt\":\"%s\",".formatted(id(contacts.size()), now, now);
        byte[] row = Arrays.copyOf(bytes(head), head.length() + fields.length);
        System.arraycopy(fields, 0, row, head.length(), fields.length);
        contacts.add(row);
        made.add(now);
        return row;
    }

    private static String id(int number) {
        String digits = Integer.toString(number);
        return CONTACT + "0".repeat(DIGITS - digits.length()) + digits;
    }

    private synchronized byte[] enrolments(Instant after) {
        int first = enrolled.size();
        while (first > 0 && enrolled.get(first - 1).isAfter(after)) {
            first--;
        }
        if (first == enrolled.size()) {
            return bytes("[]");
        }
        return list(begins.get(first));
    }

    /** All from a row on, whose comma gives way to the bracket. */
    private byte[] list(int from) {
        byte[] rows = Arrays.copyOfRange(enrolments, from, used + 1);
        rows[0] = '[';
        rows[rows.length - 1] = ']';
        return rows;
    }

    private synchronized byte[] enroll(String body) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        String stamp = now.toString();
        int from = used;
        StringBuilder skipped = new StringBuilder();
        for (int at = body.indexOf(CONTACT); at >= 0; at = body.indexOf(CONTACT, at + 1)) {
            String contact = body.substring(at, at + CONTACT.length() + DIGITS);
            int number = Integer.parseInt(contact.substring(CONTACT.length()));
            if (number < contacts.size() && !members.get(number)) {
                members.set(number);
                enrol(contact, now, stamp);
            } else {
                skipped.append(skipped.isEmpty() ? "" : ",")
                        .append("{\"contactId\":\"%s\",\"reason\":\"already_enrolled\"}".formatted(contact));
            }
        }
        byte[] rows = used == from ? bytes("[]") : list(from);
        ByteArrayOutputStream answer = new ByteArrayOutputStream(rows.length + 100);
        answer.writeBytes(bytes("{\"enrolled\":"));
        answer.writeBytes(rows);
        answer.writeBytes(bytes(",\"skipped\":[" + skipped + "]}"));
        return answer.toByteArray();
    }

    private void enrol(String contact, Instant now, String stamp) {
        byte[] row = bytes(",{\"id\":\"cmenr" + contact.substring(CONTACT.length()) + "\",\"contactId\":\"" + contact
                + "\",\"contact\":{\"id\":\"" + contact + "\",\"firstName\":\"Ann\",\"lastName\":\"Lee\"},"
                + "\"status\":\"active\",\"currentStep\":0,\"startedAt\":\"" + stamp
                + "\",\"nextSendAt\":\"" + stamp + "\",\"completedAt\":null,\"pausedAt\":null,\"pauseReason\":null,"
                + "\"lastSendError\":null,\"lastSendErrorAt\":null,\"consecutiveFailures\":0,\"updatedAt\":\"" + stamp
                + "\"}");
        if (used + row.length >= enrolments.length) {
            enrolments = Arrays.copyOf(enrolments, enrolments.length * 3 / 2);
        }
        begins.add(used);
        enrolled.add(now);
        System.arraycopy(row, 0, enrolments, used, row.length);
        used += row.length;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
