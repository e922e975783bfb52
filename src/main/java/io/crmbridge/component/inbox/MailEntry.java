package io.crmbridge.component.inbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeUtility;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A mail as an entry. Its headers are anybody's, so each is read as far as it can be. */
final class MailEntry {
    private static final Set<String> OF_MACHINES = Set.of("bulk", "junk", "list");
    private static final int LONGEST = 1_000;

    private final Message mail;

    MailEntry(Message mail) throws MessagingException {
        this.mail = mail;
        // All of them at once, or each costs a question to the server.
        mail.getAllHeaders();
    }

    /** Whether no person wrote it: an answering machine, a bounce, a mailing. */
    boolean isAutomatic() throws MessagingException {
        return header("Auto-Submitted")
                        .filter(text -> !text.toLowerCase(Locale.ROOT).matches("no\\b.*"))
                        .isPresent()
                || header("Return-Path").filter("<>"::equals).isPresent()
                || header("Precedence")
                        .filter(text -> OF_MACHINES.contains(text.toLowerCase(Locale.ROOT)))
                        .isPresent();
    }

    /** For a log; it names no person. */
    String id() throws MessagingException {
        return header("Message-ID").map(MailEntry::cut).orElse("a mail without Message-ID");
    }

    /** By which it is known when it is fetched again. */
    String key() throws MessagingException {
        // Some programs give all of their mails one Message-ID.
        return sha256(header("Message-ID").orElse("") + "\n" + header("Subject").orElse("") + "\n"
                + header("Date").orElse("") + "\n" + header("From").orElse(""));
    }

    /** Empty where it has no sender that could be answered. */
    Optional<ObjectNode> read(Instant now) throws MessagingException, IOException {
        List<InternetAddress> from = addresses("From");
        Optional<InternetAddress> sender = Stream.concat(addresses("Reply-To").stream(), from.stream())
                .filter(MailEntry::isUsable)
                .findFirst();
        if (sender.isEmpty()) {
            return Optional.empty();
        }
        String email = sender.get().getAddress();
        MailText.Text text = MailText.of(mail);
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("email", email);
        // A form's mail is from the form's own name, which is not that of who is to be answered.
        Stream.concat(sender.stream(), from.stream().filter(it -> email.equalsIgnoreCase(it.getAddress())))
                .map(it -> oneLine(it.getPersonal()))
                .filter(name -> !name.isEmpty())
                .findFirst()
                .ifPresent(name -> entry.put("name", cut(name)));
        header("Subject")
                .map(MailEntry::decoded)
                .map(MailEntry::cut)
                .ifPresent(subject -> entry.put("subject", subject));
        entry.put("text", text.text());
        if (text.cut()) {
            entry.put("textCut", true);
        }
        header("Message-ID").map(MailEntry::cut).ifPresent(id -> entry.put("messageId", id));
        Date received = Optional.ofNullable(mail.getReceivedDate()).orElse(mail.getSentDate());
        entry.put("receivedAt", (received == null ? now : received.toInstant()).toString());
        List<InternetAddress> to = addresses("To");
        if (!to.isEmpty()) {
            ArrayNode list = entry.putArray("to");
            to.forEach(address -> list.add(oneLine(address.getAddress())));
        }
        return Optional.of(entry);
    }

    private Optional<String> header(String name) throws MessagingException {
        String[] values = mail.getHeader(name);
        return values == null
                ? Optional.empty()
                : Arrays.stream(values)
                        .map(MailEntry::recovered)
                        .map(MailEntry::oneLine)
                        .filter(text -> !text.isEmpty())
                        .findFirst();
    }

    /** What was sent as UTF-8 without saying so. */
    private static String recovered(String header) {
        byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
        Utf8Check utf8 = new Utf8Check();
        utf8.add(bytes, 0, bytes.length);
        boolean bytewise = header.chars().allMatch(c -> c < 0x100);
        return bytewise && utf8.end() ? new String(bytes, StandardCharsets.UTF_8) : header;
    }

    private List<InternetAddress> addresses(String header) throws MessagingException {
        Optional<String> text = header(header);
        if (text.isEmpty()) {
            return List.of();
        }
        try {
            return List.of(InternetAddress.parseHeader(text.get(), false));
        } catch (AddressException e) {
            return List.of();
        }
    }

    private static boolean isUsable(InternetAddress address) {
        try {
            address.validate();
            return address.getAddress().matches("[^\\s@]+@[^\\s@]+");
        } catch (AddressException e) {
            return false;
        }
    }

    private static String decoded(String header) {
        try {
            return oneLine(MimeUtility.decodeText(header));
        } catch (UnsupportedEncodingException e) {
            return header;
        }
    }

    private static String cut(String line) {
        return line.length() > LONGEST ? line.substring(0, LONGEST) : line;
    }

    /** Without line ends, which a header of somebody else's making may hide. */
    private static String oneLine(String text) {
        if (text == null) {
            return "";
        }
        return text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
