package io.crmbridge.component.inbox;

import io.crmbridge.component.MailHtml;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.internet.ParseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.angus.mail.util.DecodingException;

/**
 * What a person wrote in a mail: the first plain text in it, or where that is empty the first HTML. Attachments and forwarded mails are not
 * looked at, so that nothing of them is fetched from the server.
 */
final class MailText {
    /** Of the text, in characters. */
    static final int LONGEST = 100 << 10;

    private static final int LONGEST_HTML = 1 << 20;
    private static final int DEEPEST = 20;
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    private Part plain;
    private Part html;

    private MailText() {}

    /** @param cut whether there was more of it */
    record Text(String text, boolean cut) {}

    /** @throws MessagingException when the server fails; what is wrong with the mail itself is put up with */
    static Text of(Part mail) throws MessagingException, IOException {
        try {
            return read(mail);
        } catch (MessagingException e) {
            if (isOfTheServer(e)) {
                throw e;
            }
            return new Text("", false);
        }
    }

    /** Else it is about what stands in the mail, and would be the same at the next try. */
    private static boolean isOfTheServer(MessagingException e) {
        return !(e instanceof ParseException)
                && (e.getClass() != MessagingException.class || e.getNextException() != null);
    }

    private static Text read(Part mail) throws MessagingException, IOException {
        MailText found = new MailText();
        found.look(mail, 0);
        Text text = found.plain == null ? new Text("", false) : read(found.plain, LONGEST);
        if (text.text().isBlank() && found.html != null) {
            Text source = read(found.html, LONGEST_HTML);
            text = new Text(MailHtml.text(source.text()), source.cut());
        }
        String clean = text.text()
                .replaceAll("\\R", "\n")
                .replaceAll("[\\p{Cntrl}&&[^\n\t]]", "")
                .strip();
        return clean.length() > LONGEST ? new Text(clean.substring(0, LONGEST), true) : new Text(clean, text.cut());
    }

    private void look(Part part, int depth) throws MessagingException, IOException {
        if (plain != null && html != null || depth > DEEPEST || depth > 0 && isAttached(part)) {
            return;
        }
        if (part.isMimeType("multipart/*")) {
            if (part.getContent() instanceof Multipart parts) {
                for (int i = 0; i < parts.getCount(); i++) {
                    look(parts.getBodyPart(i), depth + 1);
                }
            }
        } else if (part.isMimeType("text/plain") && plain == null) {
            plain = part;
        } else if (part.isMimeType("text/html") && html == null) {
            html = part;
        }
    }

    private static boolean isAttached(Part part) {
        try {
            return Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition()) || part.getFileName() != null;
        } catch (MessagingException e) {
            // A header that nobody can read is at a file, not at what somebody wrote.
            return true;
        }
    }

    private static Text read(Part part, int most) throws MessagingException, IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] some = new byte[1 << 13];
        try (InputStream in = part.getInputStream()) {
            for (int read = in.read(some); read >= 0 && bytes.size() <= most; read = in.read(some)) {
                bytes.write(some, 0, read);
            }
        } catch (DecodingException e) {
            // What could be read until there is the text.
        }
        byte[] read = bytes.toByteArray();
        int length = Math.min(read.length, most);
        return new Text(new String(read, 0, length, charset(part, read, length)), read.length > most);
    }

    /** The one it names, if that can be; else UTF-8 if it is that, else that of old Windows, which all bytes are. */
    private static Charset charset(Part part, byte[] bytes, int length) throws MessagingException {
        Optional<Charset> named = named(part.getContentType());
        if (named.isPresent() && !named.get().equals(StandardCharsets.US_ASCII)) {
            return named.get();
        }
        Utf8Check utf8 = new Utf8Check();
        utf8.add(bytes, 0, length);
        return utf8.isUtf8SoFar() ? StandardCharsets.UTF_8 : WINDOWS;
    }

    private static Optional<Charset> named(String contentType) {
        try {
            String name = contentType == null ? null : new ContentType(contentType).getParameter("charset");
            return Optional.ofNullable(name)
                    .map(text ->
                            Charset.forName(MimeUtility.javaCharset(text.strip().toLowerCase(Locale.ROOT))));
        } catch (ParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
